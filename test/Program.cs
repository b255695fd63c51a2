using FastGate.Test.Abuse;
using FastGate.Test.Commands.Doctor;
using FastGate.Test.Differential;

// More than cores: most tests wait for a process or for the other end of a connection. What measures the whole process
// (allocation, descriptors) or compares times is marked [DoNotParallelize] and runs alone, after all others.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.MethodLevel)]

namespace FastGate.Test;

/// <summary>
/// The tests, and by name the proofs that take longer than a test should: <c>dotnet run -c Release --project test --
/// NAME</c>.
/// </summary>
internal static class Program
{
    /// <summary>By name: options in, exit code out (0 held, 1 did not hold, 2 could not run).</summary>
    private static readonly Dictionary<string, Func<string[], Task<int>>> Proofs = new()
    {
        ["abuse"] = AbuseProof.RunAsync,
        ["bypass"] = BypassProof.RunAsync,
        ["harness"] = DoctorProof.RunAsync,
        ["soak"] = SoakProof.RunAsync,
    };

    public static Task<int> Main(string[] args) =>
        args.Length > 0 && Proofs.TryGetValue(args[0], out var proof)
            ? proof(args[1..])
            : MicrosoftTestingPlatformApplication.RunAsync(args);
}
