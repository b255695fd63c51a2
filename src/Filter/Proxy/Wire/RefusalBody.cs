namespace FastGate.Proxy.Wire;

/// <summary>Writes a refusal as JSON in the error format of the API that the client called.</summary>
internal static class RefusalBody
{
    /// <summary>Room for every refusal: four echoes of 128 bytes, each escaped to six, a cure, and the text around
    /// them.</summary>
    public const int BytesMax = 8 * 1024;

    public static int Write(Span<byte> to, in Refusal refusal, int status)
    {
        var writer = new SentenceWriter(to, TextForm.Json);
        switch (Dialects.Of(refusal.Path))
        {
            case Dialect.Anthropic:
                writer.AddRaw("""{"type":"error","error":{"type":"""u8);
                writer.AddRaw(AnthropicType(status));
                writer.AddRaw(""","message":"""u8);
                WriteMessage(ref writer, refusal);
                writer.AddRaw("}}"u8);
                break;
            case Dialect.OpenAi:
                writer.AddRaw("""{"error":{"message":"""u8);
                WriteMessage(ref writer, refusal);
                writer.AddRaw(""","type":"""u8);
                writer.AddRaw(OpenAiType(status));
                writer.AddRaw(""","param":null,"code":"fastgate_refused"}}"""u8);
                break;
            default:
                writer.AddRaw("""{"error":"""u8);
                WriteMessage(ref writer, refusal);
                writer.AddRaw("}"u8);
                break;
        }

        return writer.Length;
    }

    private static void WriteMessage(ref SentenceWriter writer, in Refusal refusal)
    {
        writer.AddRaw("\""u8);
        refusal.WriteSentence(ref writer);
        writer.AddRaw("\""u8);
    }

    private static ReadOnlySpan<byte> AnthropicType(int status) =>
        status switch
        {
            403 => "\"permission_error\""u8,
            502 or 503 => "\"api_error\""u8,
            _ => "\"invalid_request_error\""u8,
        };

    private static ReadOnlySpan<byte> OpenAiType(int status) =>
        status switch
        {
            403 => "\"permission_error\""u8,
            502 or 503 => "\"server_error\""u8,
            _ => "\"invalid_request_error\""u8,
        };
}
