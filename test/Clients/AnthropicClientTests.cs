using System.Net;
using System.Text;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Clients;

/// <summary>The official Anthropic SDK for .NET, with its common calls.</summary>
[TestClass]
public sealed class AnthropicClientTests
{
    [TestMethod, EveryWay]
    public Task Models_AreListed(Way way) =>
        Check(
            way,
            async client =>
            {
                var models = await client.Models.List();
                CollectionAssert.AreEqual(Models.All, models.Items.Select(model => model.ID).ToArray());
            },
            "GET /v1/models"
        );

    [TestMethod, EveryWay]
    public Task ModelWithColon_IsRetrieved(Way way) =>
        Check(
            way,
            async client =>
            {
                var model = await client.Models.Retrieve(Models.Coder);
                Assert.AreEqual(Models.Coder, model.ID);
            },
            "GET /v1/models/qwen2.5-coder:32b"
        );

    [TestMethod, EveryWay]
    public Task Message_IsCreatedWithoutStreaming(Way way) =>
        Check(
            way,
            async client =>
            {
                var message = await client.Messages.Create(Hi(Models.Coder));
                Assert.IsTrue(message.Content.Single().TryPickText(out var block));
                Assert.AreEqual(Json.Reply, block.Text);
            },
            "POST /v1/messages"
        );

    [TestMethod, EveryWay]
    public Task Message_IsCreatedAsStream(Way way) =>
        Check(
            way,
            async client =>
            {
                var reply = new StringBuilder();
                bool stopped = false;
                await foreach (var one in client.Messages.CreateStreaming(Hi(Models.Coder)))
                {
                    if (one.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
                        reply.Append(text.Text);
                    stopped = one.TryPickStop(out _);
                }
                Assert.AreEqual(Json.Reply, reply.ToString());
                Assert.IsTrue(stopped, "The last event is message_stop.");
            },
            "POST /v1/messages"
        );

    [TestMethod, EveryWay]
    public Task MissingModel_IsSaidInTheException(Way way) =>
        Check(
            way,
            async client =>
            {
                var refused = await Assert.ThrowsExactlyAsync<AnthropicNotFoundException>(() =>
                    client.Messages.Create(Hi("llama9"))
                );
                StringAssert.Contains(refused.Message, "model 'llama9' not found");
            },
            "POST /v1/messages"
        );

    [TestMethod, EveryWay]
    public async Task RefusedPath_IsSaidInTheException(Way way)
    {
        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        using var client = Client(entrance);
        if (way == Way.Direct)
        {
            // Without a gate the same call arrives.
            Assert.AreEqual(4, (await Count(client)).InputTokens);
            return;
        }
        var refused = await Assert.ThrowsExactlyAsync<AnthropicForbiddenException>(() => Count(client));
        Assert.AreEqual(HttpStatusCode.Forbidden, refused.StatusCode);
        StringAssert.Contains(refused.Message, "/v1/messages/count_tokens");
        Assert.IsEmpty(standIn.Received.All);

        static Task<MessageTokensCount> Count(AnthropicClient client) =>
            client
                .Messages.CountTokens(new() { Model = Models.Coder, Messages = [new UserMessageParam("hi")] })
                .WithinDeadline();
    }

    private static async Task Check(Way way, Func<AnthropicClient, Task> use, params string[] seen)
    {
        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        using var client = Client(entrance);
        await use(client).WithinDeadline();
        CollectionAssert.AreEqual(seen, standIn.Received.Lines.ToArray());
    }

    private static MessageCreateParams Hi(string model) =>
        new()
        {
            Model = model,
            MaxTokens = 64,
            Messages = [new UserMessageParam("hi")],
        };

    // A retry would hide the first response.
    private static AnthropicClient Client(Entrance entrance) =>
        new()
        {
            BaseUrl = entrance.Address.ToString(),
            ApiKey = "ollama",
            MaxRetries = 0,
        };
}
