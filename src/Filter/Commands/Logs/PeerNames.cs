using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Logs;

/// <summary>
/// The names of a tailnet's machines, as <c>tailscale whois</c> tells them: asked once an address, a few at a time, and
/// remembered for a while, whether there is one or not. Any thread may ask.
/// </summary>
/// <param name="runner">Runs <c>tailscale</c>.</param>
/// <param name="program">Where it is; null when there is none, and then nobody has a name.</param>
/// <param name="time">For how long an answer holds.</param>
internal sealed class PeerNames(ICommandRunner runner, string? program, TimeProvider time)
{
    /// <summary>The daemon answers in some milliseconds; a log is not held up for one that hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A machine can be renamed, or come into the tailnet, while a log is followed.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);

    /// <summary>More machines than a household has; the addresses beyond stay addresses.</summary>
    public const int NamesMax = 1024;

    private const int ProcessesMax = 4;

    // RFC 1035 §2.3.4: a label has up to 63 characters.
    private const int NameLengthMax = 63;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private readonly ConcurrentDictionary<string, Lookup> _lookups = new(StringComparer.Ordinal);

    // In each lane one program after the other.
    private readonly Lock _gate = new();
    private readonly Task[] _lanes = [.. Enumerable.Repeat(Task.CompletedTask, ProcessesMax)];
    private int _lane;

    /// <summary>The usual program, on the search path or inside the app on a Mac.</summary>
    public static PeerNames Usual(string searchPath, TimeProvider time)
    {
        // The app's program is the window as well, unless it is told which one is meant.
        CommandRunner runner = new(searchPath, new Dictionary<string, string> { ["TAILSCALE_BE_CLI"] = "1" });
        return new PeerNames(
            runner,
            runner.Find("tailscale") ?? runner.Find("/Applications/Tailscale.app/Contents/MacOS/Tailscale"),
            time
        );
    }

    /// <summary>There is a program to ask.</summary>
    public bool CanAsk => program is not null;

    /// <summary>Whether a text can be shown and typed as a machine's name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The name if it is known by now, else null; an address that was never asked for is asked for from here
    /// on.</summary>
    public string? Known(string address)
    {
        _ = FindAsync(address);
        return _lookups.TryGetValue(address, out Lookup? lookup) ? lookup.Now : null;
    }

    /// <summary>The name when it has been found, or null when it is clear that there is none. Never fails.</summary>
    public Task<string?> FindAsync(string address)
    {
        if (program is null || !IsOfTailnet(address))
            return Task.FromResult<string?>(null);
        bool isKnown = _lookups.TryGetValue(address, out Lookup? lookup);
        if (isKnown && time.GetElapsedTime(lookup!.Began) < Holds)
            return lookup.Name;
        if (!isKnown && _lookups.Count >= NamesMax)
            return Task.FromResult<string?>(null);
        _lookups[address] = lookup = new Lookup(time.GetTimestamp(), Ask(address), lookup?.Now);
        return lookup.Name;
    }

    private static bool IsOfTailnet(string address) =>
        AddressLiteral.TryParse(address, out IPAddress? literal)
        && AddressRanges.Contain(TailscaleAddresses.Ranges, literal);

    private Task<string?> Ask(string address)
    {
        lock (_gate)
        {
            Task<string?> asked = AskAsync(_lanes[_lane], address);
            _lanes[_lane] = asked;
            _lane = (_lane + 1) % ProcessesMax;
            return asked;
        }
    }

    private async Task<string?> AskAsync(Task before, string address)
    {
        await before;
        try
        {
            CommandResult result = await runner.RunAsync(program!, ["whois", "--json", address], Patience);
            return result.Succeeded ? WhoisAnswer.NameIn(result.Output) : null;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            // It ended while it was being started or killed: an address is shown then.
            return null;
        }
    }

    /// <summary>A question that was asked, and the answer to the one before it.</summary>
    private sealed record Lookup(long Began, Task<string?> Name, string? Before)
    {
        public string? Now => Name.IsCompletedSuccessfully ? Name.Result : Before;
    }
}

/// <summary>Reads what <c>tailscale whois --json</c> answers (Tailscale's apitype.WhoIsResponse).</summary>
internal static class WhoisAnswer
{
    /// <summary>The machine's name in the tailnet, or null if there is none that is fit to be shown.</summary>
    public static string? NameIn(string json)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(json);
            if (answer.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            if (
                !answer.RootElement.TryGetProperty("Node", out JsonElement node)
                || node.ValueKind != JsonValueKind.Object
            )
                return null;
            return Fit(TextOf(node, "ComputedName")) ?? Fit(TextOf(node, "Name"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Not what was asked for, or text that is no Unicode: then an address is shown.
            return null;
        }
    }

    private static string? TextOf(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    // laptop.tail1234.ts.net. is laptop to everybody in its tailnet.
    private static string? Fit(string? name) =>
        name?.Split('.')[0] is { } label && PeerNames.IsName(label) ? label : null;
}
