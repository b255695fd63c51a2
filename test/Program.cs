using FastGate.Test.Abuse;
using FastGate.Test.Commands.Doctor;
using FastGate.Test.Differential;

// More than the number of cores: most tests wait for a process or a peer. Tests that measure the whole process
// (allocation, descriptors) or compare times are marked [DoNotParallelize] and run alone, after all others.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.MethodLevel)]

namespace FastGate.Test;

/// <summary>
/// Runs the tests, or one of the proofs that take longer than a test should: <c>dotnet run -c Release --project test --
/// NAME</c>.
/// </summary>
internal static class Program
{
    /// <summary>
    /// The proofs by name: each takes options and returns an exit code (0 passed, 1 failed, 2 could not run).
    /// </summary>
    private static readonly Dictionary<string, Func<string[], Task<int>>> Proofs = new()
    {
        ["abuse"] = AbuseProof.RunAsync,
        ["bypass"] = BypassProof.RunAsync,
        ["doctor"] = DoctorProof.RunAsync,
        ["soak"] = SoakProof.RunAsync,
    };

    public static Task<int> Main(string[] args) =>
        args.Length > 0 && Proofs.TryGetValue(args[0], out var proof)
            ? proof(args[1..])
            : MicrosoftTestingPlatformApplication.RunAsync(args);
}
