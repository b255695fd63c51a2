using System.Text;
using FastGate.Test.Bypass;
using FastGate.Test.Replay;

namespace FastGate.Test.Differential;

/// <summary>The streams of a seed. Number and seed determine a stream on any machine.</summary>
internal sealed class StreamSource(int seed)
{
    // This many consecutive streams share one text, each cut at a different offset.
    private const int CutsOfOne = 200;

    private static readonly Capture[] Heads = [.. Captures.All];

    public StreamCase Make(int index)
    {
        var random = new Random(unchecked((seed * 1_000_003) + index));
        return (index / CutsOfOne % 5) switch
        {
            0 => Plain(random, index),
            1 or 2 => Odd(random, index),
            3 => CutOnce(index),
            _ => Recorded(random, index),
        };
    }

    private static StreamCase Plain(Random random, int index) =>
        new StreamCase(index, "plain", new Grammar(random, index, 0).Stream(), []).CutBy(random);

    private static StreamCase Odd(Random random, int index)
    {
        var grammar = new Grammar(random, index, Oddness(random));
        string text = grammar.Stream();
        return random.Next(5) == 0
            ? new StreamCase(index, "waiting", text, grammar.Ends, WaitsForResponses: true)
            : new StreamCase(index, "grammar", text, []).CutBy(random);
    }

    /// <summary>Each block has two texts, one malformed and one plain, cut at successive offsets.</summary>
    private StreamCase CutOnce(int index)
    {
        int block = index / CutsOfOne;
        var random = new Random(unchecked((seed * 7_368_787) + block + (index % 2)));
        string text = new Grammar(random, index, index % 2 == 0 ? Oddness(random) : 0).Stream();
        int place = index % CutsOfOne / 2;
        // Cuts matter in heads, so a longer stream is cut within its first bytes.
        int cut = 1 + (place * Math.Min(text.Length - 1, 400) / (CutsOfOne / 2));
        return new StreamCase(index, "cut", text, [Math.Min(cut, text.Length - 1)]);
    }

    /// <summary>
    /// A recorded request, identified by its query, with up to three mutations and a forbidden request after it.
    /// </summary>
    private static StreamCase Recorded(Random random, int index)
    {
        var capture = Heads[random.Next(Heads.Length)];
        string target = capture.Target;
        string named =
            target + (target.Contains('?', StringComparison.Ordinal) ? "&i=" : "?i=") + Grammar.Name(index, "0");
        var text = new StringBuilder(capture.HeadWithHost("localhost"));
        text.Replace($" {target} ", $" {named} ", 0, text.Length).Append(capture.Content);
        for (int i = random.Next(4); i > 0; i--)
            Mutate(text, random);
        text.Append(Requests.Pull).Append(Grammar.Tail(index));
        return new StreamCase(index, "recorded", text.ToString(), []).CutBy(random);
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        // Mostly in the head, since content may be any bytes.
        int at = random.Next(Math.Min(text.Length, 1200));
        int length = Math.Min(random.Next(1, 20), text.Length - at);
        string fragment = Fragments.All[random.Next(Fragments.All.Length)];
        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, fragment);
                break;
            case 1:
                text.Remove(at, length);
                break;
            case 2:
                text[at] = (char)random.Next(256);
                break;
            case 3:
                text.Insert(at, text.ToString(at, length));
                break;
            default:
                text.Remove(at, length).Insert(at, fragment);
                break;
        }
    }

    private static double Oddness(Random random) =>
        random.Next(4) switch
        {
            0 => 0.02,
            1 => 0.05,
            2 => 0.1,
            _ => 0.25,
        };
}
