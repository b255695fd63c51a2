using FastGate.Commands.Install.Haproxy;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class LineSplitterTests
{
    [TestMethod]
    [DataRow("acl a path /x", "acl|a|path|/x")]
    [DataRow("  a\tb \r", "a|b")]
    [DataRow("a b # c", "a|b")]
    [DataRow("a b#c", "a|b")]
    [DataRow("a \\# b", "a|#|b")]
    [DataRow("a '#' \"#\"", "a|#|#")]
    [DataRow("realm Haproxy\\ Statistics", "realm|Haproxy Statistics")]
    [DataRow("a \"b c\"d", "a|b cd")]
    [DataRow("a '' b", "a||b")]
    [DataRow("a 'b \"c\"' \"d 'e'\"", "a|b \"c\"|d 'e'")]
    [DataRow("path_reg ^/a\\.b$", "path_reg|^/a\\.b$")]
    [DataRow("path_reg ^/a\\\\d", "path_reg|^/a\\d")]
    [DataRow("a \\x41", "a|A")]
    [DataRow("a \"$V\" \"${V}x\" '$V'", "a|value|valuex|$V")]
    [DataRow("bind ${V}:80", "bind|value:80")]
    [DataRow("a \"${NONE-usual}\"", "a|usual")]
    [DataRow("a \"${NONE}\"", "a|\uE000{NONE}")]
    [DataRow("a $V", "a|$V")]
    [DataRow("", "")]
    [DataRow("# only", "")]
    public void Line_IsSplitAsHaproxyDoes(string line, string words) =>
        Assert.AreEqual(words, string.Join('|', LineSplitter.Split(line, name => name == "V" ? "value" : null)));

    [TestMethod]
    [DataRow("http-request deny unless { req.hdr(authorization) -m str \"Bearer sk-1234\" }", "sk-1234")]
    [DataRow("acl k req.hdr(authorization) Basic\\ dXNlcjpwYXNz", "dXNlcjpwYXNz")]
    [DataRow("acl k hdr(x-api-key) sk-proj-1234", "proj-1234")]
    [DataRow("acl k path /\e[2J", "\e")]
    public void ShownLine_HasNoCredentialsAndNoControlCharacters(string line, string secret) =>
        Assert.DoesNotContain(secret, ConfigLine.ToPrintable(line));
}
