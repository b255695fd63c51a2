namespace FastGate.Bench.Children;

/// <summary>Other work on the machine: until disposed, one process per core that never waits.</summary>
internal sealed class OtherLoad : IDisposable
{
    private readonly Child[] _spinning =
    [
        .. Enumerable
            .Range(0, Environment.ProcessorCount)
            .Select(_ => Child.Start(Programs.Host, [Programs.Beside("FastGate.Bench.dll"), "spin"])),
    ];

    public OtherLoad()
    {
        foreach (Child child in _spinning)
            child.ReadLine(TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        foreach (Child child in _spinning)
            child.Dispose();
    }

    /// <summary>The child's part. Writes a line when it begins, and exits at the end of standard input.</summary>
    public static int Spin()
    {
        Thread spinning = new(() =>
        {
            while (true)
                Thread.SpinWait(1_000);
        })
        {
            IsBackground = true,
        };
        spinning.Start();
        Console.WriteLine("spinning");
        while (Console.In.Read() >= 0)
        {
            // The parent process is still running.
        }
        return 0;
    }
}
