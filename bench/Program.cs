using System.CommandLine;
using FastGate.Bench;
using FastGate.Bench.Children;
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
only.AcceptOnlyFromAmong([.. Parts.All.Select(part => part.Name)]);

RootCommand root = new("Measure the time that FastGate adds to a request, compared with other proxies.")
{
    quick,
    only,
    list,
    record,
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
            return new Runner(parsed.GetValue(only) ?? [], parsed.GetValue(quick), parsed.GetValue(record)).Run();
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

// A child of the end-to-end parts: the upstream server, in a process of its own.
Command upstream = new("upstream", "Respond to every request; used by this program itself.") { Hidden = true };
upstream.SetAction(_ => UpstreamServer.Run());
root.Add(upstream);
return root.Parse(args).Invoke();
