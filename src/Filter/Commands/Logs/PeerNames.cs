using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Logs;

/// <summary>
/// Looks up the names of machines in the tailnet with <c>tailscale whois</c>: once per address, a few at a time, and
/// cached, including addresses without a name. Any thread may call it.
/// </summary>
/// <param name="runner">Runs <c>tailscale</c>.</param>
/// <param name="program">Path of <c>tailscale</c>; null when it is not installed, and then no peer has a name.</param>
/// <param name="time">The clock of the cache.</param>
internal sealed class PeerNames(ICommandRunner runner, string? program, TimeProvider time)
{
    /// <summary>The daemon responds within milliseconds; one that hangs must not hold up the log.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Machines can be renamed, or join the tailnet, while a log is followed.</summary>
    public static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(10);

    /// <summary>Maximum number of lookups; peers beyond it are shown by address.</summary>
    public const int NamesMax = 1024;

    private const int ProcessesMax = 4;

    // RFC 1035 §2.3.4: a label has up to 63 characters.
    private const int NameLengthMax = 63;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private readonly ConcurrentDictionary<string, Lookup> _lookups = new(StringComparer.Ordinal);

    // Each lane runs one process at a time.
    private readonly Lock _lock = new();
    private readonly Task[] _lanes = [.. Enumerable.Repeat(Task.CompletedTask, ProcessesMax)];
    private int _lane;

    /// <summary>Uses the <c>tailscale</c> on the search path or inside the app on a Mac.</summary>
    public static PeerNames OfSystem(string searchPath, TimeProvider time)
    {
        CommandRunner runner = TailscaleProgram.CreateRunner(searchPath);
        return new PeerNames(runner, TailscaleProgram.Find(runner), time);
    }

    /// <summary>Whether <c>tailscale</c> is installed.</summary>
    public bool CanLookUp => program is not null;

    /// <summary>Whether a text is a plain machine name, safe for a terminal.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>Returns the name if it is already known, else null; starts the lookup if there was none.</summary>
    public string? Known(string address)
    {
        _ = FindAsync(address);
        return _lookups.TryGetValue(address, out Lookup? lookup) ? lookup.Now : null;
    }

    /// <summary>Looks up a name. The result is null when the address has none; the task never fails.</summary>
    public Task<string?> FindAsync(string address)
    {
        if (program is null || !IsInTailnet(address))
            return Task.FromResult<string?>(null);
        bool isKnown = _lookups.TryGetValue(address, out Lookup? lookup);
        if (isKnown && time.GetElapsedTime(lookup!.Began) < CacheTime)
            return lookup.Name;
        if (!isKnown && _lookups.Count >= NamesMax)
            return Task.FromResult<string?>(null);
        _lookups[address] = lookup = new Lookup(time.GetTimestamp(), Start(address), lookup?.Now);
        return lookup.Name;
    }

    private static bool IsInTailnet(string address) =>
        AddressLiteral.TryParse(address, out IPAddress? literal)
        && AddressRanges.Contain(TailscaleAddresses.Ranges, literal);

    private Task<string?> Start(string address)
    {
        lock (_lock)
        {
            Task<string?> lookup = LookUpAsync(_lanes[_lane], address);
            _lanes[_lane] = lookup;
            _lane = (_lane + 1) % ProcessesMax;
            return lookup;
        }
    }

    private async Task<string?> LookUpAsync(Task previous, string address)
    {
        await previous;
        try
        {
            CommandResult result = await runner.RunAsync(program!, ["whois", "--json", address], Timeout);
            return result.Succeeded ? WhoisJson.NameIn(result.Output) : null;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The process ended while it was being started or killed: show the address.
            return null;
        }
    }

    /// <summary>A lookup, and the result of the one before it.</summary>
    private sealed record Lookup(long Began, Task<string?> Name, string? Before)
    {
        public string? Now => Name.IsCompletedSuccessfully ? Name.Result : Before;
    }
}

/// <summary>Reads the output of <c>tailscale whois --json</c> (Tailscale's apitype.WhoIsResponse).</summary>
internal static class WhoisJson
{
    /// <summary>Returns the machine's name in the tailnet, or null if it has none that is safe to show.</summary>
    public static string? NameIn(string json)
    {
        JsonElement node = ResponseText.Json(json).At("Node");
        return Fit(node.At("ComputedName").Text()) ?? Fit(node.At("Name").Text());
    }

    // laptop.tail1234.ts.net. is called laptop in its tailnet.
    private static string? Fit(string? name) =>
        name?.Split('.')[0] is { } label && PeerNames.IsName(label) ? label : null;
}
