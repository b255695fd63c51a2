using System.Globalization;
using System.Text.RegularExpressions;

namespace FastGate.Test.Abuse;

/// <summary>The resident memory and open descriptors of a process, from /proc. Linux only.</summary>
internal sealed partial record ProcessFigures(double Megabytes, int Descriptors)
{
    public static bool IsSupported => OperatingSystem.IsLinux();

    public static ProcessFigures Of(int processId)
    {
        string status = File.ReadAllText($"/proc/{processId}/status");
        double kilobytes = double.Parse(Resident().Match(status).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new ProcessFigures(kilobytes / 1024, Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Megabytes:F1} MB, {Descriptors} descriptors");

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex Resident();
}
