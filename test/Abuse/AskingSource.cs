namespace FastGate.Test.Abuse;

/// <summary>Makes the requests of a visitor: allowed and refused ones, with and without content, in all
/// framings.</summary>
internal sealed class AskingSource(Random random, Tally tally)
{
    public Asking Next(bool mayClose) =>
        random.Next(12) switch
        {
            < 4 => new Asking("GET", $"/v1/models/m{random.Next(1000)}", Plan(mayClose)),
            < 8 => WithContent(mayClose),
            8 => Refused(),
            9 => Mixture(),
            10 => new Asking("GET", RuleSets.PathOf(RuleSets.Any(random)), Plan(mayClose)) { MayBeRefused = true },
            _ => mayClose ? Malformed() : Refused(),
        };

    /// <summary>One whose answer is longer than all buffers on its way.</summary>
    public Asking Long() =>
        new(
            "POST",
            "/v1/chat/completions",
            new AnswerPlan(tally.NextId(), Form(false), random.Next(100_000, 1_500_000), 16_384)
        )
        {
            Content = Bytes(200),
        };

    private Asking WithContent(bool mayClose)
    {
        byte[] content = Bytes(random.Next(8) == 0 ? random.Next(200_000) : random.Next(1, 5000));
        return new Asking("POST", random.Next(2) == 0 ? "/v1/chat/completions" : "/api/show", Plan(mayClose))
        {
            Content = content,
            ChunkBytes = random.Next(2) == 0 ? 0 : random.Next(1 + (content.Length / 100), 8000),
        };
    }

    private Asking Refused() =>
        random.Next(3) switch
        {
            0 => new Asking("POST", "/api/pull", Plan(false)) { Status = 403 },
            1 => new Asking("DELETE", $"/v1/models/m{random.Next(1000)}", Plan(false)) { Status = 403 },
            _ => new Asking("GET", "/api/tags", Plan(false)) { Status = 403, Host = "evil.example" },
        };

    /// <summary>Allowed only by the paths of one rule set together with the host names of the other.</summary>
    private Asking Mixture()
    {
        string set = RuleSets.Any(random);
        return new Asking("GET", RuleSets.PathOf(set), Plan(false))
        {
            Status = 403,
            Host = RuleSets.HostOf(RuleSets.Other(set)),
        };
    }

    private Asking Malformed() => new("GET", "/api/../api/pull", Plan(false)) { Status = 400 };

    private AnswerPlan Plan(bool mayClose) =>
        new(tally.NextId(), Form(mayClose), random.Next(20_000), random.Next(4) == 0 ? random.Next(100, 1000) : 16_384);

    private AnswerForm Form(bool mayClose) => (AnswerForm)random.Next(mayClose ? 3 : 2);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
