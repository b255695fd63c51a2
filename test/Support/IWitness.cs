using System.Net;

namespace FastGate.Test.Support;

/// <summary>An HTTP server behind a gate that reports every request it understood.</summary>
internal interface IWitness : IAsyncDisposable
{
    IPEndPoint Endpoint { get; }

    /// <summary>The requests since the last call, once every connection that carried a byte has closed.</summary>
    Task<IReadOnlyList<GoReport>> SyncAsync();

    /// <summary>The requests since the last call, once every connection has closed.</summary>
    Task<IReadOnlyList<GoReport>> EndAsync();
}
