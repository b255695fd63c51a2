using System.CommandLine;
using FastGate.Bench;

Option<bool> quick = new("--quick") { Description = "A short run that checks every answer and means no figure." };
Option<string[]> only = new("--only") { Description = "Only these parts (see --list).", AllowMultipleArgumentsPerToken = true };
Option<bool> list = new("--list") { Description = "Names the parts and ends." };
only.AcceptOnlyFromAmong([.. Parts.All.Select(part => part.Name)]);

RootCommand root = new("Measures what FastGate adds. Pin all of it to one core with: taskset -c 0 dotnet run …") { quick, only, list };
root.SetAction(parsed =>
{
    if (!parsed.GetValue(list)) return Parts.RunAll(parsed.GetValue(only) ?? [], parsed.GetValue(quick));
    foreach (Part part in Parts.All) Console.WriteLine($"{part.Name,-10} {part.Summary}");
    return 0;
});

// A child of an end-to-end part: the answering side, in a process of its own.
Command upstream = new("upstream", "Answers every request; used by this program itself.") { Hidden = true };
upstream.SetAction(_ => FastGate.Bench.EndToEnd.AnsweringServer.Run());
root.Add(upstream);
return root.Parse(args).Invoke();
