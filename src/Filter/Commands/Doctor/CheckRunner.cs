using System.Diagnostics;
using System.Runtime.CompilerServices;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>Runs checks one after the other; none prevents another from running.</summary>
internal sealed class CheckRunner(DoctorContext context)
{
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async IAsyncEnumerable<CheckStep> RunAsync(
        IReadOnlyList<DoctorCheck> checks,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (int n = 0; n < checks.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new CheckStep(n + 1, checks.Count, checks[n], null);
            CheckReport report = await RunAsync(checks[n], cancellationToken);
            yield return new CheckStep(n + 1, checks.Count, checks[n], report);
        }
    }

    private async Task<CheckReport> RunAsync(DoctorCheck check, CancellationToken cancellationToken)
    {
        CheckProbe probe = new(context.Host.Probe, context.Host.Runner, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        CheckResult result;
        bool hasRun = true;
        try
        {
            if (await context.MissingAsync(probe, check.Needs) is { } reason)
                (result, hasRun) = (CheckResult.Skip(reason), false);
            else
                result = await probe.WithinAsync(
                    check.Timeout,
                    check.RunAsync,
                    () =>
                        CheckResult.Fail($"no response within {check.Timeout.TotalSeconds:0} s", context.Fixes.GateLog)
                );
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // A check with a defect must not hide what the others find.
            result = CheckResult.Fail(
                $"the check itself failed: {exception.GetType().Name}: " + ResponseText.OneLine(exception.Message, 200),
                context.Fixes.Verbose
            );
        }
        return new CheckReport(check, result, Stopwatch.GetElapsedTime(start), probe.Notes) { HasRun = hasRun };
    }
}

/// <summary>One step of a run of doctor: a check begins, or has ended.</summary>
/// <param name="Number">The number of the check, from 1.</param>
/// <param name="Count">The number of checks.</param>
/// <param name="Check">The check.</param>
/// <param name="Report">Null while the check begins.</param>
internal readonly record struct CheckStep(int Number, int Count, DoctorCheck Check, CheckReport? Report);

/// <summary>A check that has ended.</summary>
internal sealed record CheckReport(
    DoctorCheck Check,
    CheckResult Result,
    TimeSpan Took,
    IReadOnlyList<ExchangeNote> Exchanges
)
{
    /// <summary>False if something that the check needs is missing.</summary>
    public bool HasRun { get; init; } = true;
}
