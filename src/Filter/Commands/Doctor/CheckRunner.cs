using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FastGate.Commands.Doctor;

/// <summary>Makes all checks, one after the other, whatever becomes of each.</summary>
internal sealed class CheckRunner(DoctorContext patient)
{
    public async IAsyncEnumerable<CheckStep> RunAsync(
        IReadOnlyList<DoctorCheck> checks,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using ProbeClient asker = new();
        for (int n = 0; n < checks.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new CheckStep(n + 1, checks.Count, checks[n], null);
            yield return new CheckStep(
                n + 1,
                checks.Count,
                checks[n],
                await MakeAsync(checks[n], asker, cancellationToken)
            );
        }
    }

    private async Task<CheckReport> MakeAsync(DoctorCheck check, ProbeClient asker, CancellationToken cancellationToken)
    {
        if (patient.Lacks(check.Needs) is { } why)
            return new CheckReport(check, CheckResult.Skip(why), default, []);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(check.Longest);
        CheckContext visit = new(asker, patient.Site.Runner, late.Token);
        long start = Stopwatch.GetTimestamp();
        CheckResult finding = await AskAsync(check, visit, cancellationToken);
        return new CheckReport(check, finding, Stopwatch.GetElapsedTime(start), visit.Notes);
    }

    private async Task<CheckResult> AskAsync(DoctorCheck check, CheckContext visit, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(visit);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckResult.Fail(
                $"there was no answer within {check.Longest.TotalSeconds:0} s",
                check.LateCure ?? patient.Remedies.GateLog
            );
        }
        catch (Exception unforeseen) when (unforeseen is not (OutOfMemoryException or OperationCanceledException))
        {
            // One check that breaks must not hide what the others find.
            return CheckResult.Fail(
                $"the check itself broke: {unforeseen.GetType().Name}: {Texts.OneLine(unforeseen.Message, 200)}",
                patient.Remedies.Verbose
            );
        }
    }
}

/// <summary>A moment of an examination: a check begins, or has ended.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Check">Which.</param>
/// <param name="Result">Null while it begins.</param>
internal readonly record struct CheckStep(int Number, int Count, DoctorCheck Check, CheckReport? Result);
