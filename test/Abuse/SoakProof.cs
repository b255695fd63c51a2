using System.ComponentModel;

namespace FastGate.Test.Abuse;

/// <summary>The proof <c>soak</c>: runs a real gate under every kind of load at once, for a chosen duration.</summary>
internal static class SoakProof
{
    public static async Task<int> RunAsync(string[] words)
    {
        if (SoakOptions.TryParse(words) is not { } options)
        {
            Console.Error.WriteLine(SoakOptions.Usage);
            return 2;
        }
        if (!ProcessFigures.IsSupported)
        {
            Console.Error.WriteLine("Requires Linux: process figures are read from /proc.");
            return 2;
        }
        try
        {
            using Soak soak = new(options);
            return await soak.RunAsync() ? 0 : 1;
        }
        catch (Win32Exception exception)
        {
            Console.Error.WriteLine($"The gate cannot be started: {exception.Message}");
            return 2;
        }
        catch (Exception exception) when (exception is AssertFailedException or TimeoutException or IOException)
        {
            Console.Error.WriteLine($"Failed (seed {options.Seed}): {exception.Message}");
            return 1;
        }
    }
}
