using System.Globalization;
using System.Text;
using FastGate.Bench.Load;

namespace FastGate.Bench.Report;

/// <summary>The durations of a workload by subject, in buckets of 2 %: small enough to store, fine enough to plot
/// again.</summary>
/// <param name="File">File name without the extension.</param>
/// <param name="Subjects">The measurements.</param>
internal sealed record RawLatencies(string File, IReadOnlyList<Measured> Subjects)
{
    private const double BucketFactor = 1.02;

    public string ToCsv()
    {
        StringBuilder csv = new("subject,from_us,below_us,count\n");
        foreach (Measured subject in Subjects)
        {
            if (subject.Latencies.Count == 0)
                continue;
            int first = (int)Math.Floor(Math.Log(Math.Max(subject.Latencies.Microseconds(0), 0.1), BucketFactor));
            int last = (int)Math.Floor(Math.Log(Math.Max(subject.Latencies.Microseconds(1), 0.1), BucketFactor));
            int before = 0;
            for (int bucket = first; bucket <= last; bucket++)
            {
                double from = Math.Pow(BucketFactor, bucket),
                    below = Math.Pow(BucketFactor, bucket + 1);
                int until = bucket == last ? subject.Latencies.Count : subject.Latencies.CountBelow(below);
                if (until > before)
                    csv.Append(
                        CultureInfo.InvariantCulture,
                        $"{subject.Name.Replace(",", "", StringComparison.Ordinal)},{from:F2},{below:F2},{until - before}\n"
                    );
                before = until;
            }
        }
        return csv.ToString();
    }
}
