using System.Runtime.InteropServices;
using System.Text;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Shows the lines that are there and, if asked, those that come. Ends with Ctrl-C, or when nobody looks any
/// more.</summary>
internal sealed class LogsRun(Terminal terminal, PeerNames names, LogsOptions options)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    // Names come with the first lines if they come soon; otherwise the first lines have addresses.
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(1);

    private long _broken;

    public async Task<int> RunAsync()
    {
        using ILogView view = View();
        if (options.Follow)
            await FollowAsync(view);
        else
            await ShowPastAsync(view, follow: false);
        if (_broken > 0)
            terminal.Error.WriteLine(
                $"fastgate logs: left out, since they are no whole lines of an access log: {_broken}"
            );
        return ExitCodes.Yes;
    }

    private ILogView View()
    {
        if (terminal.IsTerminal && !options.Json)
            return new LogScreenView(terminal, names);
        LineOutput output = LineOutput.Of(terminal);
        return options.Json ? new LogJsonView(output) : new LogPlainView(output, names);
    }

    private async Task FollowAsync(ILogView view)
    {
        using CancellationTokenSource stopping = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PeriodicTimer timer = new(Poll);
        try
        {
            using LogFollower? follower = await ShowPastAsync(view, follow: true);
            while (follower is not null && ShowNew(view, follower))
                await timer.WaitForNextTickAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: this is how it ends.
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    /// <returns>What comes next; null when nobody looks any more, or when nothing is to be followed.</returns>
    private async Task<LogFollower?> ShowPastAsync(ILogView view, bool follow)
    {
        using LogChain chain = LogChain.Open(options.Path);
        if (chain.Files.Count == 0)
            terminal.Error.WriteLine($"fastgate logs: waiting for {options.Path}");
        long end = chain.Files is [var first, ..] ? LogText.EndOfLastLine(first) : 0;
        bool isSeen = options.LinesMax is { } most ? await ShowLastAsync(view, chain, end, most) : ShowAll(view, chain);
        return follow && isSeen ? new LogFollower(options.Path, chain.TakeFirst(), end) : null;
    }

    private async Task<bool> ShowLastAsync(ILogView view, LogChain chain, long end, int most)
    {
        List<LogLine> last = [];
        foreach (byte[] bytes in most == 0 ? [] : chain.Backward(end))
        {
            if (Read(bytes) is not { } line)
                continue;
            if (options.Filter.IsPast(line))
                break;
            if (IsWanted(line))
                last.Add(line);
            if (last.Count == most)
                break;
        }
        last.Reverse();
        await AskNamesAsync(last);
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

    /// <summary>All of them at once, and not for long: who hangs stays an address.</summary>
    private async Task AskNamesAsync(List<LogLine> lines)
    {
        if (options.Json)
            return;
        try
        {
            await Task.WhenAll(lines.Select(line => line.Peer).Distinct().Select(names.FindAsync))
                .WaitAsync(NamePatience);
        }
        catch (TimeoutException)
        {
            // The view asks for each name again, and takes it when it is there.
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
            _broken++;
        return line;
    }

    // For other programs a selection has nothing in it but what was selected.
    private bool IsWanted(LogLine line) =>
        options.Filter.Accepts(line) && !(options.Json && options.Filter.IsSelective && line.Dropped > 0);
}

/// <summary>What <c>logs</c> was asked for.</summary>
/// <param name="Path">The access log.</param>
/// <param name="Filter">Which lines.</param>
/// <param name="LinesMax">How many of the last ones; null for all.</param>
/// <param name="Follow">And those that come.</param>
/// <param name="Json">As written.</param>
internal sealed record LogsOptions(string Path, LogFilter Filter, int? LinesMax, bool Follow, bool Json);

/// <summary>The lines as they stand in the file, for other programs.</summary>
internal sealed class LogJsonView(LineOutput output) : ILogView
{
    public void Prepare(IReadOnlyList<LogLine> lines) { }

    public bool Show(LogLine line) => output.TryWrite(Encoding.UTF8.GetString(line.Bytes.Span));

    public bool Flush() => output.TryFlush();

    public void Dispose() => output.Dispose();
}
