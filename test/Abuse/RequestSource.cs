namespace FastGate.Test.Abuse;

/// <summary>Generates a client's requests: allowed and refused, with and without content, in every framing.</summary>
internal sealed class RequestSource(Random random, Tally tally)
{
    public CheckedRequest Next(bool mayClose) =>
        random.Next(12) switch
        {
            < 4 => new CheckedRequest("GET", $"/v1/models/m{random.Next(1000)}", Plan(mayClose)),
            < 8 => WithContent(mayClose),
            8 => Refused(),
            9 => Mixture(),
            10 => new CheckedRequest("GET", RuleSets.PathOf(RuleSets.Any(random)), Plan(mayClose))
            {
                MayBeRefused = true,
            },
            _ => mayClose ? Malformed() : Refused(),
        };

    /// <summary>A request whose response is larger than every buffer on its path.</summary>
    public CheckedRequest Long() =>
        new(
            "POST",
            "/v1/chat/completions",
            new ResponsePlan(tally.NextId(), Form(false), random.Next(100_000, 1_500_000), 16_384)
        )
        {
            Content = Bytes(200),
        };

    private CheckedRequest WithContent(bool mayClose)
    {
        byte[] content = Bytes(random.Next(8) == 0 ? random.Next(200_000) : random.Next(1, 5000));
        return new CheckedRequest("POST", random.Next(2) == 0 ? "/v1/chat/completions" : "/api/show", Plan(mayClose))
        {
            Content = content,
            ChunkBytes = random.Next(2) == 0 ? 0 : random.Next(1 + (content.Length / 100), 8000),
        };
    }

    private CheckedRequest Refused() =>
        random.Next(3) switch
        {
            0 => new CheckedRequest("POST", "/api/pull", Plan(false)) { Status = 403 },
            1 => new CheckedRequest("DELETE", $"/v1/models/m{random.Next(1000)}", Plan(false)) { Status = 403 },
            _ => new CheckedRequest("GET", "/api/tags", Plan(false)) { Status = 403, Host = "evil.example" },
        };

    /// <summary>
    /// A request that only a mixture of the two rule sets would allow: the path of one with the host name of the other.
    /// </summary>
    private CheckedRequest Mixture()
    {
        string set = RuleSets.Any(random);
        return new CheckedRequest("GET", RuleSets.PathOf(set), Plan(false))
        {
            Status = 403,
            Host = RuleSets.HostOf(RuleSets.Other(set)),
        };
    }

    private CheckedRequest Malformed() => new("GET", "/api/../api/pull", Plan(false)) { Status = 400 };

    private ResponsePlan Plan(bool mayClose) =>
        new(tally.NextId(), Form(mayClose), random.Next(20_000), random.Next(4) == 0 ? random.Next(100, 1000) : 16_384);

    private ResponseFraming Form(bool mayClose) => (ResponseFraming)random.Next(mayClose ? 3 : 2);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
