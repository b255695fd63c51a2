using System.CommandLine;
using FastGate.Bench;
using FastGate.Bench.Answering;
using FastGate.Bench.Children;

Option<bool> quick = new("--quick") { Description = "A short run that checks every answer; its figures mean nothing" };
Option<string[]> only = new("--only")
{
    Description = "Only this part (see --list); can be repeated",
    AllowMultipleArgumentsPerToken = true,
};
Option<bool> list = new("--list") { Description = "Name the parts and end" };
Option<bool> record = new("--record") { Description = "Keep the run in bench/results, with charts" };
only.AcceptOnlyFromAmong([.. Parts.All.Select(part => part.Name)]);

RootCommand root = new("Measures what FastGate adds to a request, beside what else could stand in its place.")
{
    quick,
    only,
    list,
    record,
};
root.Validators.Add(result =>
{
    if (result.GetValue(quick) && result.GetValue(record))
        result.AddError("--record keeps figures, and those of --quick mean nothing.");
});
root.SetAction(parsed =>
{
    if (!parsed.GetValue(list))
    {
        using IDisposable watch = Household.WatchSignals();
        try
        {
            return new Runner(parsed.GetValue(only) ?? [], parsed.GetValue(quick), parsed.GetValue(record)).Run();
        }
        finally
        {
            Household.End();
        }
    }
    foreach (Part part in Parts.All)
        Console.WriteLine($"{part.Name, -10} {part.Summary}");
    return 0;
});

// A child of the end-to-end parts: the answering side, in a process of its own.
Command upstream = new("upstream", "Answers every request; used by this program itself.") { Hidden = true };
upstream.SetAction(_ => AnsweringServer.Run());
root.Add(upstream);
return root.Parse(args).Invoke();
