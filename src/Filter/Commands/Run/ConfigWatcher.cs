using System.Threading.Channels;

namespace FastGate.Commands.Run;

/// <summary>Checks every two seconds whether a file was changed, replaced or created. Runs on a pool thread, never on a
/// loop.</summary>
/// <remarks>
/// It polls, because editors replace a file by renaming another over it, symbolic links can be repointed, and a watch
/// on the old file would report neither. A missing file does not count as a change: that is how a replacement looks
/// halfway through.
/// </remarks>
internal sealed class ConfigWatcher
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private Stamp? _last;

    /// <summary>Records the file's present state; create the watcher before reading the file, so that no change is
    /// missed.</summary>
    public ConfigWatcher(string path)
    {
        _path = path;
        _last = Read();
    }

    /// <summary>Writes <see cref="GateEvent.Reload"/> at every change until canceled.</summary>
    public async Task RunAsync(ChannelWriter<GateEvent> events, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (HasChanged())
                    events.TryWrite(GateEvent.Reload);
            }
        }
        catch (OperationCanceledException)
        {
            // The gate is stopping.
        }
    }

    /// <summary>Whether the file or its content differs from the last call.</summary>
    public bool HasChanged()
    {
        Stamp? now = Read();
        if (now is null || now == _last)
            return false;
        _last = now;
        return true;
    }

    private Stamp? Read()
    {
        try
        {
            FileInfo file = new(_path);
            // A link has a modification time of its own; the target's is the one that matters.
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists ? new Stamp(file.FullName, file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file is being replaced, or its directory cannot be read: not a change.
            return null;
        }
    }

    /// <summary>Identifies one state of a file.</summary>
    private sealed record Stamp(string Path, DateTime Written, long Bytes);
}
