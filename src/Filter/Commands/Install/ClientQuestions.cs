using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>What has to be asked so that the clients of today are not cut off. Pure.</summary>
internal sealed class ClientQuestions(HostEnvironment site, InstallPaths places, MachineState findings, bool withOllama)
{
    private readonly IReadOnlyList<ClientAddress> _doors = ClientAddress.All(findings, places, withOllama);

    /// <summary>Where to listen, if clients use another address than Tailscale's.</summary>
    public Question? Listen()
    {
        if (findings.Config.FileExists)
            return null;
        ListenChoice choice = ListenChoice.Of(_doors, site.Machine, findings.Plan.Upstream.ToString());
        if (choice.IsPlain)
            return null;
        string today = string.Join("; ", choice.Addresses.Select(door => $"{door.Text} ({door.Source})"));
        string[] before = choice.IsOpen
            ?
            [
                $"Clients may use any address of this machine today: {today}.",
                "FastGate does not listen on all of them: others than your own could reach it.",
            ]
            : [$"Clients use this address today: {today}."];
        return new Question(QuestionKind.Listen, before, "Where should FastGate listen?")
        {
            Options = [.. choice.Options.Select(option => string.Join(" and ", option))],
            When = IsFree,
        };
    }

    /// <summary>May they be cut off, since an existing config or the end of TLS leaves no other way?</summary>
    public Question? Move()
    {
        ClientCheck clients = new(site.Machine, _doors);
        bool isSettled = findings.Config.FileExists || (_doors.Count > 0 && _doors.All(door => door.IsTls));
        return isSettled && clients.CutsOff(findings.Plan)
            ? clients.Question(findings.Plan) with
            {
                When = IsFree,
            }
            : null;
    }

    // What stays as it is keeps its address, and its clients.
    private static bool IsFree(Answers answers) =>
        !answers.IsNo(QuestionKind.ReplaceHaproxy) && !answers.IsNo(QuestionKind.CloseOllama);
}
