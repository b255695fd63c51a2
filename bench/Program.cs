using System.CommandLine;
using System.Net;
using FastGate.Bench;
using FastGate.Bench.Children;
using FastGate.Bench.SmallGate;
using FastGate.Bench.Upstream;

Option<bool> quick = new("--quick")
{
    Description = "Run briefly and check every response; the figures are meaningless",
};
Option<string[]> only = new("--only")
{
    Description = "Run only this part (see --list); repeatable",
    AllowMultipleArgumentsPerToken = true,
};
Option<bool> list = new("--list") { Description = "List the parts and exit" };
Option<bool> record = new("--record") { Description = "Save the run in bench/results, with charts" };
Option<string?> native = new("--native")
{
    Description = "Measure this native FastGate; by default, one is published from the source",
};
Option<string[]> also = new("--also")
{
    Description = "Measure FastGate with other settings too, in rows of their own; repeatable",
    AllowMultipleArgumentsPerToken = true,
};
Option<string[]> gate = new("--gate")
{
    Description = "Measure another build of FastGate too: 'NAME=PROGRAM [FLAG...]', flags of run; repeatable",
};
only.AcceptOnlyFromAmong([.. Parts.All.Select(part => part.Name)]);

also.AcceptOnlyFromAmong([.. Gates.Variants.Keys]);
native.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } path && !File.Exists(path))
        result.AddError($"--native: no file {path}.");
});
gate.Validators.Add(result =>
{
    foreach (string text in result.GetValueOrDefault<string[]>() ?? [])
        if (GateVariant.TryRead(text) is null)
            result.AddError($"--gate: '{text}' is not NAME=PROGRAM [FLAG...], or there is no such program.");
});

RootCommand root = new("Measure the time that FastGate adds to a request, compared with other proxies.")
{
    quick,
    only,
    list,
    record,
    native,
    also,
    gate,
};
root.Validators.Add(result =>
{
    if (result.GetValue(quick) && result.GetValue(record))
        result.AddError("--record cannot be combined with --quick, whose figures are meaningless.");
});
root.SetAction(parsed =>
{
    if (!parsed.GetValue(list))
    {
        using IDisposable watch = ChildProcesses.WatchSignals();
        try
        {
            RunOptions options = new()
            {
                Only = parsed.GetValue(only) ?? [],
                Quick = parsed.GetValue(quick),
                Record = parsed.GetValue(record),
                Native = parsed.GetValue(native),
                Also = parsed.GetValue(also) ?? [],
                Gates = [.. (parsed.GetValue(gate) ?? []).Select(text => GateVariant.TryRead(text)!.Value)],
            };
            return new Runner(options).Run();
        }
        finally
        {
            ChildProcesses.End();
        }
    }
    foreach (Part part in Parts.All)
        Console.WriteLine($"{part.Name, -10} {part.Summary}");
    return 0;
});

// Children of the end-to-end parts, each in a process of its own.
Command upstream = new("upstream", "Respond to every request; used by this program itself.") { Hidden = true };
upstream.SetAction(_ => UpstreamServer.Run());
root.Add(upstream);

Argument<string> listenAt = new("listen"),
    upstreamAt = new("upstream");
Command smallGate = new("small-gate", "Forward requests to an upstream server; used by this program itself.")
{
    listenAt,
    upstreamAt,
};
smallGate.Hidden = true;
smallGate.SetAction(parsed =>
    SmallGateServer.Run(
        IPEndPoint.Parse(parsed.GetRequiredValue(listenAt)),
        IPEndPoint.Parse(parsed.GetRequiredValue(upstreamAt))
    )
);
root.Add(smallGate);

Command spin = new("spin", "Keep one core busy; used by this program itself.") { Hidden = true };
spin.SetAction(_ => OtherLoad.Spin());
root.Add(spin);
return root.Parse(args).Invoke();
