// The SDK marks its responses client as experimental.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using FastGate.Test.StandIn;
using FastGate.Test.Support;
using OpenAI;
using OpenAI.Responses;

namespace FastGate.Test.Clients;

/// <summary>The official OpenAI SDK for .NET, with its common calls.</summary>
[TestClass]
public sealed class OpenAiClientTests
{
    [TestMethod, EveryWay]
    public Task Models_AreListed(Way way) =>
        Check(
            way,
            async client =>
            {
                var models = await client.GetOpenAIModelClient().GetModelsAsync();
                CollectionAssert.AreEqual(Models.All, models.Value.Select(model => model.Id).ToArray());
            },
            "GET /v1/models"
        );

    [TestMethod, EveryWay]
    public Task ModelWithColon_IsRetrieved(Way way) =>
        Check(
            way,
            async client =>
            {
                var model = await client.GetOpenAIModelClient().GetModelAsync(Models.Coder);
                Assert.AreEqual(Models.Coder, model.Value.Id);
            },
            "GET /v1/models/qwen2.5-coder%3A32b"
        );

    [TestMethod, EveryWay]
    public Task Chat_IsCompletedWithoutStreaming(Way way) =>
        Check(
            way,
            async client =>
            {
                var completion = await client.GetChatClient(Models.Coder).CompleteChatAsync("hi");
                Assert.AreEqual(Json.Reply, completion.Value.Content[0].Text);
            },
            "POST /v1/chat/completions"
        );

    [TestMethod, EveryWay]
    public Task Chat_IsCompletedAsStream(Way way) =>
        Check(
            way,
            async client =>
            {
                var reply = new StringBuilder();
                await foreach (var update in client.GetChatClient(Models.Coder).CompleteChatStreamingAsync("hi"))
                foreach (var part in update.ContentUpdate)
                    reply.Append(part.Text);
                Assert.AreEqual(Json.Reply, reply.ToString());
            },
            "POST /v1/chat/completions"
        );

    [TestMethod, EveryWay]
    public Task Response_IsCreatedWithoutStreaming(Way way) =>
        Check(
            way,
            async client =>
            {
                var response = await client.GetResponsesClient().CreateResponseAsync(Models.Coder, "hi");
                Assert.AreEqual(Json.Reply, response.Value.GetOutputText());
            },
            "POST /v1/responses"
        );

    [TestMethod, EveryWay]
    public Task Response_IsCreatedAsStream(Way way) =>
        Check(
            way,
            async client =>
            {
                var reply = new StringBuilder();
                StreamingResponseUpdate? last = null;
                await foreach (
                    var update in await client.GetResponsesClient().CreateResponseStreamingAsync(Models.Coder, "hi")
                )
                {
                    if (update is StreamingResponseOutputTextDeltaUpdate delta)
                        reply.Append(delta.Delta);
                    last = update;
                }
                Assert.AreEqual(Json.Reply, reply.ToString());
                Assert.IsInstanceOfType<StreamingResponseCompletedUpdate>(last);
            },
            "POST /v1/responses"
        );

    [TestMethod, EveryWay]
    public Task MissingModel_IsSaidInTheException(Way way) =>
        Check(
            way,
            async client =>
            {
                var refused = await Assert.ThrowsExactlyAsync<ClientResultException>(() =>
                    client.GetChatClient("llama9").CompleteChatAsync("hi")
                );
                Assert.AreEqual(404, refused.Status);
                StringAssert.Contains(refused.Message, "model 'llama9' not found");
            },
            "POST /v1/chat/completions"
        );

    [TestMethod, EveryWay]
    public Task RefusedPath_IsSaidInTheException(Way way) =>
        CheckRefused(
            way,
            "/v1/embeddings",
            client => client.GetEmbeddingClient(Models.Embedder).GenerateEmbeddingAsync("hi")
        );

    [TestMethod, EveryWay]
    public Task RefusedUpload_IsSaidInTheException(Way way) =>
        CheckRefused(
            way,
            "/v1/files",
            client =>
                client
                    .GetOpenAIFileClient()
                    .UploadFileAsync(
                        BinaryData.FromBytes(new byte[3 << 20]),
                        "notes.txt",
                        OpenAI.Files.FileUploadPurpose.UserData
                    )
        );

    private static async Task Check(Way way, Func<OpenAIClient, Task> use, params string[] seen)
    {
        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        await use(Client(entrance)).WithinDeadline();
        CollectionAssert.AreEqual(seen, standIn.Received.Lines.ToArray());
    }

    /// <summary>
    /// Directly, the call arrives at the path; through a gate, the exception contains the gate's message instead.
    /// </summary>
    private static async Task CheckRefused(Way way, string path, Func<OpenAIClient, Task> use)
    {
        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        if (way == Way.Direct)
        {
            await use(Client(entrance)).WithinDeadline();
            Assert.AreEqual($"POST {path}", standIn.Received.Lines.Single());
            return;
        }
        var refused = await Assert.ThrowsExactlyAsync<ClientResultException>(() =>
            use(Client(entrance)).WithinDeadline()
        );
        Assert.AreEqual(403, refused.Status);
        StringAssert.Contains(refused.Message, path);
        Assert.IsEmpty(standIn.Received.All);
    }

    private static OpenAIClient Client(Entrance entrance) =>
        new(
            new ApiKeyCredential("ollama"),
            new OpenAIClientOptions
            {
                Endpoint = entrance.OpenAiAddress,
                // A retry would hide the first response.
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            }
        );
}
