using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>The steps of <c>install --warm</c>: an agent or unit that loads models after each login or boot.</summary>
internal sealed class WarmSteps(HostEnvironment environment, InstallPaths paths, GateSteps gate, Journal journal)
{
    private readonly GateAgent _agents = new(environment, paths);
    private readonly Systemctl _systemctl = new(environment.Runner, environment.UserName);

    /// <param name="launchd">The steps for agents.</param>
    /// <param name="models">The models to load.</param>
    public IEnumerable<Step> OnMac(AgentSteps launchd, IReadOnlyList<string> models)
    {
        string Text() => PropertyList.Write(_agents.WarmAgent(models, gate.NeedsDotnet));
        bool isNew = !GateSteps.HasContent(paths.WarmService, Text());
        return [gate.WriteService(paths.WarmService, Text), launchd.LoadOnce(InstallPaths.WarmLabel, isNew)];
    }

    /// <param name="models">The models to load.</param>
    public IEnumerable<Step> OnLinux(IReadOnlyList<string> models)
    {
        string Text() => _agents.WarmUnit(models, gate.NeedsDotnet).ToText();
        bool isNew = !GateSteps.HasContent(paths.WarmService, Text());
        return [gate.WriteService(paths.WarmService, Text), Enable(isNew)];
    }

    private Step Enable(bool isNew)
    {
        string[][] commands =
        [
            ["daemon-reload"],
            ["enable", InstallPaths.WarmUnitName],
            // Also if it runs now, with other models.
            ["restart", InstallPaths.WarmUnitName],
        ];
        return new Step(
            $"enable and start {InstallPaths.WarmUnitName}",
            [.. commands.Select(words => Systemctl.Line(words))],
            async () => !isNew && await _systemctl.IsEnabledAsync(InstallPaths.WarmUnitName),
            async () =>
            {
                if (!journal.Has(ChangeKind.EnabledUnit, InstallPaths.WarmUnitName))
                    journal.Add(new Change { Kind = ChangeKind.EnabledUnit, Name = InstallPaths.WarmUnitName });
                StepResult result = StepResult.Done;
                foreach (string[] words in commands)
                {
                    if (result.Succeeded)
                        result = await _systemctl.RunAsync(words);
                }
                return result;
            }
        );
    }
}
