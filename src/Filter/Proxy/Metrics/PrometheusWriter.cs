using System.Globalization;
using System.Text;

namespace FastGate.Proxy.Metrics;

/// <summary>Writes the text format of Prometheus, version 0.0.4: families of samples with labels.</summary>
internal sealed class PrometheusWriter
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">Without the program's name before it.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, string type, string help)
    {
        _family = $"fastgate_{name}";
        _text.Append("# HELP ").Append(_family).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(_family).Append(' ').Append(type).Append('\n');
    }

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample("", value, labels);

    public void Histogram(HistogramSnapshot histogram)
    {
        foreach (BucketCount bucket in histogram.Buckets)
            Sample("_bucket", bucket.Count, ("le", Number(bucket.Seconds)));
        Sample("_bucket", histogram.Count, ("le", "+Inf"));
        Sample("_sum", histogram.SumSeconds);
        Sample("_count", histogram.Count);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Sample(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        for (int i = 0; i < labels.Length; i++)
        {
            _text
                .Append(i == 0 ? '{' : ',')
                .Append(labels[i].Name)
                .Append("=\"")
                .Append(Escaped(labels[i].Value))
                .Append('"');
        }
        if (labels.Length > 0)
            _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    // "R" would do 1E-05, which is read as well; people read this one.
    private static string Number(double number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
