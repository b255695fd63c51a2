namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// <c>clinic [ILLNESS] [-- FLAGS]</c>: runs doctor on a machine with this illness, or a healthy one; <c>clinic list</c>
/// prints their names. Returns doctor's exit code. Linux, as root.
/// </summary>
internal static class ClinicProof
{
    public static async Task<int> RunAsync(string[] words)
    {
        string name = string.Join(' ', words.TakeWhile(word => word != "--"));
        string[] flags = [.. words.SkipWhile(word => word != "--").Skip(1)];
        if (name == "list")
        {
            foreach (Illness item in Illnesses.All)
                Console.WriteLine(item.Name);
            return 0;
        }
        Illness? illness =
            name.Length == 0
                ? Illnesses.None
                : Illnesses.All.FirstOrDefault(item => item.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        if (illness is null)
        {
            Console.Error.WriteLine($"Unknown illness \"{name}\": run clinic list.");
            return 2;
        }
        try
        {
            await using Clinic clinic = await Clinic.OpenAsync(illness.WithTailscale);
            await illness.BreakAsync(clinic);
            return await clinic.ShowAsync(flags);
        }
        catch (AssertInconclusiveException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }
}
