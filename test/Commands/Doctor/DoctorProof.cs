namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// <c>doctor [SCENARIO] [-- FLAGS]</c>: runs doctor on a machine with this fault, or on a healthy one; <c>doctor
/// list</c> prints the scenarios. Returns doctor's exit code. Linux, as root.
/// </summary>
internal static class DoctorProof
{
    public static async Task<int> RunAsync(string[] words)
    {
        string name = string.Join(' ', words.TakeWhile(word => word != "--"));
        string[] flags = [.. words.SkipWhile(word => word != "--").Skip(1)];
        if (name == "list")
        {
            foreach (FaultScenario item in FaultScenarios.All)
                Console.WriteLine(item.Name);
            return 0;
        }
        FaultScenario? scenario =
            name.Length == 0
                ? FaultScenarios.None
                : FaultScenarios.All.FirstOrDefault(item =>
                    item.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                );
        if (scenario is null)
        {
            Console.Error.WriteLine($"Unknown scenario \"{name}\": run doctor list.");
            return 2;
        }
        try
        {
            await using DoctorHarness harness = await DoctorHarness.OpenAsync(scenario.WithTailscale);
            await scenario.BreakAsync(harness);
            return await harness.ShowAsync(flags);
        }
        catch (AssertInconclusiveException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }
}
