using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>
/// Response content that identifies its request: the method, path and content hash, followed by bytes unique to the
/// request.
/// </summary>
internal static class TaggedResponse
{
    public static byte[] Of(ResponsePlan plan, string method, string path, byte[] content)
    {
        byte[] name = Encoding.Latin1.GetBytes($"{plan.Id}:{method} {path} {content.Length} {Hash.Of(content)}:");
        byte[] response = new byte[Math.Max(plan.Bytes, name.Length)];
        Fill(response, (ulong)plan.Id);
        name.CopyTo(response, 0);
        return response;
    }

    /// <summary>The id of the request that this response belongs to; -1 if it carries none.</summary>
    public static long IdOf(byte[] response)
    {
        int end = response.AsSpan().IndexOf((byte)':');
        return end > 0 && long.TryParse(response.AsSpan(0, end), null, out long id) ? id : -1;
    }

    // One step of Knuth's MMIX generator per byte: each request has its own sequence.
    private static void Fill(byte[] bytes, ulong state)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(state >> 56);
        }
    }
}
