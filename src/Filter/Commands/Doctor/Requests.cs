using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>The requests that the checks make, and the smallest that can be made of each.</summary>
internal static class Requests
{
    public const string Chat = "/v1/chat/completions";
    public const string Messages = "/v1/messages";
    public const string Responses = "/v1/responses";

    /// <summary>No registry has it, and Ollama pulls nothing for these calls.</summary>
    public const string NoModel = "fastgate-doctor-has-no-such-model";

    private const string Hello = "Say hello in one word.";

    private static readonly (string Method, string Path)[] Looks =
    [
        ("GET", "/api/version"),
        ("GET", "/v1/models"),
        ("GET", "/api/tags"),
        ("GET", "/"),
    ];

    // What another server than Ollama has.
    private static readonly (string Method, string Path)[] OthersLooks =
    [
        ("GET", "/v1/models"),
        ("GET", "/health"),
        ("GET", "/v1/health"),
    ];

    /// <summary>A request that changes nothing and that the gate lets through; null if there is none.</summary>
    public static (string Method, string Path)? Looking(DoctorContext patient)
    {
        foreach (
            (string method, string path) in patient.Upstream is UpstreamKind.LlamaCpp or UpstreamKind.OpenAi
                ? OthersLooks
                : Looks
        )
        {
            if (patient.MayAllow(method, path))
                return (method, path);
        }
        return null;
    }

    public static string ChatOf(string model, bool stream = false) =>
        Of(model, $"\"max_tokens\":16,\"temperature\":0,\"stream\":{Truth(stream)},{User(Hello)}");

    public static string ChatAsJson(string model) =>
        Of(
            model,
            $"\"max_tokens\":256,\"temperature\":0,\"response_format\":{{\"type\":\"json_object\"}},{User("Answer with a JSON object that has one key, ok, which is true.")}"
        );

    public static string Counting(string model) =>
        Of(
            model,
            $"\"max_tokens\":40,\"temperature\":0,\"seed\":1,\"stream\":true,{User("Count from 1 to 30 in digits.")}"
        );

    public static string ResponsesOf(string model, bool stream = false) =>
        Of(model, $"\"max_output_tokens\":16,\"stream\":{Truth(stream)},\"input\":\"{Hello}\"");

    public static string MessagesOf(string model, bool stream = false) =>
        Of(model, $"\"max_tokens\":16,\"stream\":{Truth(stream)},{User(Hello)}");

    public static string CountingMessages(string model) =>
        Of(model, $"\"max_tokens\":40,\"stream\":true,{User("Count from 1 to 30 in digits.")}");

    public static string MessagesWithSystem(string model) =>
        Of(model, $"\"max_tokens\":16,\"system\":\"You are brief.\",{User(Hello)}");

    public static string MessagesOfTwoTurns(string model) =>
        Of(
            model,
            "\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"My name is "
                + "Ada.\"},{\"role\":\"assistant\",\"content\":\"Hello, "
                + "Ada.\"},{\"role\":\"user\",\"content\":\"What is my name?\"}]"
        );

    public static string Show(string model) => $"{{\"model\":\"{JsonEncodedText.Encode(model)}\"}}";

    private static string Of(string model, string members) =>
        $"{{\"model\":\"{JsonEncodedText.Encode(model)}\",{members}}}";

    private static string User(string text) => $"\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}}]";

    private static string Truth(bool value) => value ? "true" : "false";
}
