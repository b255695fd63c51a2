using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>One address that one of the gate's listeners is bound to, or ought to be.</summary>
/// <param name="Listener">The listener's place in the config, from 0.</param>
/// <param name="EndPoint">The address and port, as the plan says them: port 0 is not yet the one that the system
/// chose.</param>
internal readonly record struct ListenPoint(int Listener, IPEndPoint EndPoint);
