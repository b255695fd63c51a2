using System.Net;
using System.Text;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Config;

/// <summary>Loads configs from strings, on a machine that is always the same.</summary>
internal static class Configs
{
    public const string FileName = "fastgate.json";

    public static Machine Machine { get; } =
        new()
        {
            Name = "box",
            Home = "/home/u",
            Interfaces =
            [
                new InterfaceAddress("lo", IPAddress.Loopback),
                new InterfaceAddress("lo", IPAddress.IPv6Loopback),
                new InterfaceAddress("eth0", IPAddress.Parse("10.0.0.5")),
                new InterfaceAddress("tailscale0", IPAddress.Parse("100.87.6.5")),
            ],
        };

    public static ConfigResult Read(string text, GateFile? flags = null, Machine? machine = null)
    {
        List<Problem> problems = [];
        List<Problem> warnings = [];
        GateFile file = GateFileReader.Read(FileName, Encoding.UTF8.GetBytes(text), problems);
        GatePlan plan = new GatePlanner(machine ?? Machine, problems, warnings).Plan(
            file.OverriddenBy(flags ?? new GateFile())
        );
        return new ConfigResult
        {
            Path = new ConfigPath(FileName, IsExplicit: true),
            FileExists = true,
            Plan = plan,
            Problems = problems,
            Warnings = warnings,
        };
    }

    /// <summary>The plan of a valid config.</summary>
    public static GatePlan Plan(string text, GateFile? flags = null, Machine? machine = null)
    {
        ConfigResult result = Read(text, flags, machine);
        Assert.IsEmpty(result.Problems, string.Join('\n', result.Problems));
        return result.Plan!;
    }

    /// <summary>The problems of a config, one per line.</summary>
    public static string Problems(string text) => string.Join('\n', Read(text).Problems);

    public static string Warnings(string text) => string.Join('\n', Read(text).Warnings);

    /// <summary>The value of a flag.</summary>
    public static Sourced<string> Flag(string flag, string value) => new(value, new SourceLocation(flag));
}
