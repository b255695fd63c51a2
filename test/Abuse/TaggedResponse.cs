using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>
/// The content that names its request: who was asked what with which content, and bytes that only this request gets.
/// </summary>
internal static class TaggedResponse
{
    public static byte[] Of(ResponsePlan plan, string method, string path, byte[] content)
    {
        byte[] name = Encoding.Latin1.GetBytes($"{plan.Id}:{method} {path} {content.Length} {Hash.Of(content)}:");
        byte[] answer = new byte[Math.Max(plan.Bytes, name.Length)];
        Fill(answer, (ulong)plan.Id);
        name.CopyTo(answer, 0);
        return answer;
    }

    /// <summary>Whose answer this is; -1 when it does not say.</summary>
    public static long IdOf(byte[] answer)
    {
        int end = answer.AsSpan().IndexOf((byte)':');
        return end > 0 && long.TryParse(answer.AsSpan(0, end), null, out long id) ? id : -1;
    }

    // A step of Knuth's MMIX generator a byte: each request has its own sequence.
    private static void Fill(byte[] bytes, ulong state)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(state >> 56);
        }
    }
}
