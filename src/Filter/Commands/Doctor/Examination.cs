using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FastGate.Commands.Doctor;

/// <summary>Makes all checks, one after the other, whatever becomes of each.</summary>
internal sealed class Examination(Patient patient)
{
    public async IAsyncEnumerable<CheckStep> RunAsync(IReadOnlyList<DoctorCheck> checks, [EnumeratorCancellation] CancellationToken stop)
    {
        using Asker asker = new();
        for (int n = 0; n < checks.Count; n++)
        {
            stop.ThrowIfCancellationRequested();
            yield return new CheckStep(n + 1, checks.Count, checks[n], null);
            yield return new CheckStep(n + 1, checks.Count, checks[n], await MakeAsync(checks[n], asker, stop));
        }
    }

    private async Task<CheckResult> MakeAsync(DoctorCheck check, Asker asker, CancellationToken stop)
    {
        if (patient.Lacks(check.Needs) is { } why) return new CheckResult(check, Finding.Skip(why), default, []);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(check.Longest);
        Visit visit = new(asker, patient.Site.Runner, late.Token);
        long start = Stopwatch.GetTimestamp();
        Finding finding = await AskAsync(check, visit, stop);
        return new CheckResult(check, finding, Stopwatch.GetElapsedTime(start), visit.Notes);
    }

    private async Task<Finding> AskAsync(DoctorCheck check, Visit visit, CancellationToken stop)
    {
        try
        {
            return await check.RunAsync(visit);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Finding.Fail($"there was no answer within {check.Longest.TotalSeconds:0} s", check.LateCure ?? patient.Remedies.GateLog);
        }
        catch (Exception unforeseen) when (unforeseen is not (OutOfMemoryException or OperationCanceledException))
        {
            // One check that breaks must not hide what the others find.
            return Finding.Fail($"the check itself broke: {unforeseen.GetType().Name}: {Texts.OneLine(unforeseen.Message, 200)}", patient.Remedies.Verbose);
        }
    }
}
