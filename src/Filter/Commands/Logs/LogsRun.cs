using System.Text;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Shows the lines of the access log and, with --follow, new ones until Ctrl-C or until the reader closes the
/// pipe.</summary>
internal sealed class LogsRun(Terminal terminal, PeerNames names, LogsOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // The first lines show names that are found within this time, and addresses for the others.
    private static readonly TimeSpan NamesTimeout = TimeSpan.FromSeconds(1);

    private long _invalidLines;

    public async Task<int> RunAsync()
    {
        using ILogView view = CreateView();
        if (options.Follow)
            await FollowAsync(view);
        else
            await ShowPastAsync(view, follow: false);
        if (_invalidLines > 0)
            terminal.Error.WriteLine($"fastgate logs: skipped {TextFormat.Count(_invalidLines, "invalid line")}");
        return ExitCodes.Yes;
    }

    private ILogView CreateView()
    {
        if (terminal.IsTerminal && !options.Json)
            return new LogScreenView(terminal, names);
        LineOutput output = LineOutput.Of(terminal);
        return options.Json ? new LogJsonView(output) : new LogPlainView(output, names);
    }

    private async Task FollowAsync(ILogView view)
    {
        using StopSignals signals = new();
        using PeriodicTimer timer = new(PollInterval);
        try
        {
            using LogFollower? follower = await ShowPastAsync(view, follow: true);
            while (follower is not null && ShowNew(view, follower))
                await timer.WaitForNextTickAsync(signals.Token);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }

    /// <returns>The reader of new lines; null without --follow, or when the reader has closed the pipe.</returns>
    private async Task<LogFollower?> ShowPastAsync(ILogView view, bool follow)
    {
        using LogChain chain = LogChain.Open(options.Path);
        if (chain.Files.Count == 0)
            terminal.Error.WriteLine($"fastgate logs: waiting for {options.Path}");
        long end = chain.Files is [var first, ..] ? LogText.EndOfLastLine(first) : 0;
        bool isRead = options.LinesMax is { } max ? await ShowLastAsync(view, chain, end, max) : ShowAll(view, chain);
        return follow && isRead ? new LogFollower(options.Path, chain.TakeFirst(), end) : null;
    }

    private async Task<bool> ShowLastAsync(ILogView view, LogChain chain, long end, int linesMax)
    {
        List<LogLine> last = [];
        foreach (byte[] bytes in linesMax == 0 ? [] : chain.Backward(end))
        {
            if (Read(bytes) is not { } line)
                continue;
            if (options.Filter.IsPast(line))
                break;
            if (IsWanted(line))
                last.Add(line);
            if (last.Count == linesMax)
                break;
        }
        last.Reverse();
        await LookUpNamesAsync(last);
        view.Prepare(last);
        return last.TrueForAll(view.Show) && view.Flush();
    }

    private bool ShowAll(ILogView view, LogChain chain)
    {
        foreach (byte[] bytes in chain.Forward())
            if (Read(bytes) is { } line && IsWanted(line) && !view.Show(line))
                return false;

        return view.Flush();
    }

    /// <summary>Looks up the names of all peers at once, up to a timeout.</summary>
    private async Task LookUpNamesAsync(List<LogLine> lines)
    {
        if (options.Json)
            return;
        try
        {
            await Task.WhenAll(lines.Select(line => line.Peer).Distinct().Select(names.FindAsync))
                .WaitAsync(NamesTimeout);
        }
        catch (TimeoutException)
        {
            // The view requests each name again and uses it as soon as it is known.
        }
    }

    private bool ShowNew(ILogView view, LogFollower follower)
    {
        bool hasShown = false;
        foreach (byte[] bytes in follower.Read())
        {
            if (Read(bytes) is not { } line || !IsWanted(line))
                continue;
            if (!view.Show(line))
                return false;
            hasShown = true;
        }
        return !hasShown || view.Flush();
    }

    private LogLine? Read(byte[] bytes)
    {
        LogLine? line = LogLineReader.Read(bytes);
        if (line is null)
            _invalidLines++;
        return line;
    }

    // JSON for other programs contains only lines that match the filter.
    private bool IsWanted(LogLine line) =>
        options.Filter.Accepts(line) && !(options.Json && options.Filter.IsSelective && line.Dropped > 0);
}

/// <summary>The options of <c>logs</c>.</summary>
/// <param name="Path">The access log.</param>
/// <param name="Filter">Selects the lines.</param>
/// <param name="LinesMax">Shows only so many of the last lines; null for all.</param>
/// <param name="Follow">Also shows new lines.</param>
/// <param name="Json">Prints the lines as written.</param>
internal sealed record LogsOptions(string Path, LogFilter Filter, int? LinesMax, bool Follow, bool Json);

/// <summary>Prints the lines as they were written, for other programs.</summary>
internal sealed class LogJsonView(LineOutput output) : ILogView
{
    public void Prepare(IReadOnlyList<LogLine> lines) { }

    public bool Show(LogLine line) => output.TryWrite(Encoding.UTF8.GetString(line.Bytes.Span));

    public bool Flush() => output.TryFlush();

    public void Dispose() => output.Dispose();
}
