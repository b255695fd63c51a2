namespace FastGate.Commands.Doctor;

/// <summary>The checks that doctor runs, in the order in which they are shown. No check depends on another.</summary>
internal static class CheckList
{
    /// <summary>The checks of this machine's installation or, with a target, those that a client can make.</summary>
    public static IReadOnlyList<DoctorCheck> Of(DoctorContext context) =>
        [.. (context.IsRemote ? Remote(context) : Local(context)).OrderBy(check => check.Group)];

    /// <summary>The checks that <c>install</c> makes: the upstream, ways past the gate, the listeners, a refused and an
    /// allowed request, and the added latency.</summary>
    public static IReadOnlyList<DoctorCheck> OfInstallation(DoctorContext context) =>
        [
            new UpstreamChecks(context).Responds(),
            new IsolationChecks(context).Unreachable(),
            .. new GateChecks(context).Listening(),
            new RefusalChecks(context).Refused(),
            new RefusalChecks(context).Forwards(),
            new LatencyChecks(context).Added(),
        ];

    private static IEnumerable<DoctorCheck> Local(DoctorContext context) =>
        [
            .. new ServiceChecks(context).All(),
            .. context.Host.Machine.IsMac ? new AgentChecks(context).All() : new UnitChecks(context).All(),
            .. new UpstreamChecks(context).All(),
            .. new GateChecks(context).All(),
            .. new IsolationChecks(context).All(),
            .. new CloudChecks(context).All(),
            new ServeChecks(context).All(),
            .. ThroughTheGate(context),
            .. new NetworkChecks(context).All(),
        ];

    private static IEnumerable<DoctorCheck> Remote(DoctorContext context) =>
        [new GateChecks(context).Remote(), .. ThroughTheGate(context)];

    private static IEnumerable<DoctorCheck> ThroughTheGate(DoctorContext context) =>
        [
            .. new RefusalChecks(context).All(),
            .. new HostChecks(context).All(),
            .. new OllamaChecks(context).All(),
            .. new OpenAiChecks(context).All(),
            .. new AnthropicChecks(context).All(),
            .. new StreamChecks(context).All(),
            .. new LatencyChecks(context).All(),
        ];
}
