using FastGate.Commands.Shared;

namespace FastGate.Commands.Install;

/// <summary>Shows what a step of minutes is doing, and for how long: on a terminal in one line that changes, elsewhere
/// in a line for each part of it and one a minute. Any thread.</summary>
internal sealed class BuildProgress(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private string _text = "";
    private long _start;

    /// <summary>Shows what is done now.</summary>
    public void Report(string text)
    {
        lock (_lock)
        {
            _text = text;
            if (_timer is null)
            {
                _start = time.GetTimestamp();
                TimeSpan interval = terminal.IsLive ? LiveInterval : PlainInterval;
                _timer = time.CreateTimer(_ => Tick(), null, interval, interval);
            }
            Write();
        }
    }

    /// <summary>Ends the step, and removes the line of a terminal.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_timer is null)
                return;
            _timer.Dispose();
            _timer = null;
            terminal.EndProgress();
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            // It may have been waiting for the lock when the step ended.
            if (_timer is not null)
                Write();
        }
    }

    private void Write()
    {
        TimeSpan elapsed = time.GetElapsedTime(_start);
        string line = $"         {_text}" + (elapsed >= LiveInterval ? $", {TextFormat.Duration(elapsed)}" : "");
        if (terminal.IsLive)
            terminal.Progress(line);
        else
            terminal.Out.WriteLine(line);
    }
}
