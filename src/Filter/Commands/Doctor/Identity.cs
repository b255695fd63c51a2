using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Finds out who answers behind a door, by requests that harm nobody.</summary>
internal static class Identity
{
    // An empty segment is refused whatever the rules are, and no server does anything for it.
    private const string Question = "GET //fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    public static async Task<(Responder Who, ProbeResponse Heard)> AskAsync(CheckContext visit, DoctorTarget door)
    {
        ProbeResponse heard = await visit.SendAsync(door, Question);
        if (heard.IsGates)
            return (Responder.FastGate, heard);
        if (
            heard.Status == 0
            && heard.Problem is SocketErrorText.Refused or SocketErrorText.NoResponse or SocketErrorText.Unreachable
        )
            return (Responder.Nobody, heard);
        ProbeResponse version = await visit.SendAsync(
            door,
            "GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        );
        // Without a name that it knows, Ollama says nothing but 403.
        bool isOllama = version.Status == 200 && version.Content.Contains("\"version\"", StringComparison.Ordinal);
        return (isOllama ? Responder.Ollama : Responder.Other, version);
    }
}
