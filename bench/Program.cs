using System.Net;
using FastGate.Gate;
using FastGate.Net;
using FastGate.Rules;
using FastGate.Upstream;
using Microsoft.Extensions.Logging;

using var factory = LoggerFactory.Create(b => b.AddSimpleConsole());
IPEndPoint up = IPEndPoint.Parse(args[1]);
var options = new GateOptions
{
    Backend = args[2],
    Upstream = new UpstreamOptions { EndPoint = up },
    AccessLog = args.Length > 3 ? args[3] : null,
    Listeners = [new ListenerOptions
    {
        Address = ListenAddress.Of(IPEndPoint.Parse(args[0])),
        Policy = new GatePolicy
        {
            Rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules),
            Hosts = new HostNames(Environment.MachineName, []),
            UpstreamHost = GatePolicy.UpstreamHostFor(up),
        },
    }],
};
await using GateServer gate = await GateServer.StartAsync(options, TimeProvider.System, factory.CreateLogger("gate"));
TaskCompletionSource end = new();
using var sig = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, c => { c.Cancel = true; end.SetResult(); });
await Task.WhenAny(end.Task, gate.Failed);
return 0;
