namespace FastGate.Test.StandIn;

/// <summary>
/// Routes that manage models, keys and blobs. Only a pull does its work; the rest exists so that a leak through a gate
/// gets a response and is recorded.
/// </summary>
internal static class ManagementRoutes
{
    public static void AddTo(RouteTable routes)
    {
        string[] posts =
        [
            "/api/push",
            "/api/create",
            "/api/copy",
            "/api/me",
            "/api/signout",
            "/api/experimental/web_search",
            "/api/experimental/web_fetch",
            "/v1/audio/transcriptions",
        ];
        foreach (var path in posts)
            routes.Map("POST", path, Done);
        routes.Map("POST", "/api/pull", PullAsync);
        // Not a route of Ollama, but OpenAI's SDKs upload to it: a leaking call must succeed visibly.
        routes.Map(
            "POST",
            "/v1/files",
            exchange =>
                exchange.JsonAsync(
                    200,
                    """
                    {"id":"file-1","object":"file","bytes":3145728,"created_at":1785585600,"filename":"notes.txt","purpose":"user_data","status":"processed"}
                    """
                )
        );
        routes.Map("DELETE", "/api/delete", Done);
        routes.Map("DELETE", "/api/user/keys/:", Done);
        routes.Map("POST,HEAD", "/api/blobs/:", Done);
        routes.Map("GET", "/api/status", Done);
        routes.Map("GET", "/api/experimental/model-recommendations", Done);
        // No release of Ollama has it, but a custom build might.
        routes.Map(
            "GET",
            "/debug/pprof/:",
            exchange => exchange.WholeAsync(200, "text/html; charset=utf-8", "<html>pprof</html>")
        );
    }

    private static Task PullAsync(Exchange exchange)
    {
        if (exchange.Model.Length == 0 || !exchange.Streams(true))
            return Done(exchange);
        // Before the response, whose last line may be followed at once by a request for the model.
        if (!exchange.HasModel(exchange.Model))
            exchange.Installed.Enqueue((exchange.Model, 2_000_001_000));
        return exchange.StreamAsync(Json.NdJson, PullLines.Select(line => Json.Line(line)));
    }

    private static readonly string[] PullLines =
    [
        """{"status":"pulling manifest"}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000,"completed":1000000000}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000,"completed":2000000000}""",
        """{"status":"pulling bbbb","digest":"sha256:bbbb","total":1000,"completed":1000}""",
        """{"status":"verifying sha256 digest"}""",
        """{"status":"writing manifest"}""",
        """{"status":"success"}""",
    ];

    private static Task Done(Exchange exchange) => exchange.JsonAsync(200, """{"status":"success"}""");
}
