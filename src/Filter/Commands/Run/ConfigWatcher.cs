using System.Threading.Channels;

namespace FastGate.Commands.Run;

/// <summary>Looks every two seconds whether a file was changed, replaced, or made. Belongs to a pool thread, never a
/// loop.</summary>
/// <remarks>
/// Polled rather than watched: editors replace a file by renaming, links lead elsewhere, and a watch on the old file
/// would stay silent. A file that is gone is no change: half of a replacement looks like that.
/// </remarks>
internal sealed class ConfigWatcher
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private Stamp? _seen;

    /// <summary>What is there now counts as seen, so it is made before the file is read.</summary>
    public ConfigWatcher(string path)
    {
        _path = path;
        _seen = Read();
    }

    /// <summary>Tells of every change until it is canceled.</summary>
    public async Task RunAsync(ChannelWriter<GateEvent> events, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Poll, time);
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
            // The gate ends.
        }
    }

    /// <summary>Whether there is another file, or another content, than at the last look.</summary>
    public bool HasChanged()
    {
        Stamp? now = Read();
        if (now is null || now == _seen)
            return false;
        _seen = now;
        return true;
    }

    private Stamp? Read()
    {
        try
        {
            FileInfo file = new(_path);
            // The time of a link is not that of the file behind it.
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists ? new Stamp(file.FullName, file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
        {
            // It is being replaced, or its directory cannot be read: nothing to be seen is no change.
            return null;
        }
    }

    /// <summary>What tells one state of a file from the next.</summary>
    private sealed record Stamp(string Path, DateTime Written, long Bytes);
}
