using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>The requests that the checks send, each as small as it can be.</summary>
internal static class Requests
{
    public const string Chat = "/v1/chat/completions";
    public const string Messages = "/v1/messages";
    public const string Responses = "/v1/responses";

    /// <summary>The reason to skip a check that needs <see cref="ReadOnlyAsync"/>.</summary>
    public const string NoReadOnly = "the rules allow no read-only request to send";

    // No registry has it, and Ollama pulls nothing for these calls.
    private const string NoModel = "fastgate-doctor-has-no-such-model";

    private const string Hello = "Say hello in one word.";

    private static readonly (string Method, string Path)[] OllamasReadOnly =
    [
        ("GET", "/api/version"),
        ("GET", "/v1/models"),
        ("GET", "/api/tags"),
        ("GET", "/"),
    ];

    // Routes of servers other than Ollama.
    private static readonly (string Method, string Path)[] OthersReadOnly =
    [
        ("GET", "/v1/models"),
        ("GET", "/health"),
        ("GET", "/v1/health"),
    ];

    /// <summary>A request that changes nothing and that the gate allows; null if no such request exists.</summary>
    public static async Task<(string Method, string Path)?> ReadOnlyAsync(DoctorContext context, CheckProbe probe)
    {
        bool isOther = (await context.UpstreamAsync(probe)).IsOther;
        foreach ((string method, string path) in isOther ? OthersReadOnly : OllamasReadOnly)
        {
            if (await context.MayAllowAsync(probe, method, path))
                return (method, path);
        }
        return null;
    }

    /// <summary>A request for a model that does not exist; null for a path that takes no model.</summary>
    public static string? OfMissingModel(string path) =>
        path switch
        {
            Chat => ChatOf(NoModel),
            Messages => MessagesOf(NoModel),
            Responses => ResponsesOf(NoModel),
            _ => null,
        };

    public static string ChatOf(string model, bool stream = false) =>
        Of(model, $"\"max_tokens\":16,\"temperature\":0,\"stream\":{Literal(stream)},{User(Hello)}");

    public static string ChatAsJson(string model)
    {
        string prompt = User("Answer with a JSON object that has one key, ok, which is true.");
        return Of(
            model,
            $"\"max_tokens\":256,\"temperature\":0,\"response_format\":{{\"type\":\"json_object\"}},{prompt}"
        );
    }

    public static string Counting(string model) =>
        Of(
            model,
            $"\"max_tokens\":40,\"temperature\":0,\"seed\":1,\"stream\":true,{User("Count from 1 to 30 in digits.")}"
        );

    public static string ResponsesOf(string model, bool stream = false) =>
        Of(model, $"\"max_output_tokens\":16,\"stream\":{Literal(stream)},\"input\":\"{Hello}\"");

    public static string MessagesOf(string model, bool stream = false) =>
        Of(model, $"\"max_tokens\":16,\"stream\":{Literal(stream)},{User(Hello)}");

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

    private static string Literal(bool value) => value ? "true" : "false";
}
