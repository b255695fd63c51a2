using System.Reflection;

namespace FastGate.Test.Support;

/// <summary>Runs a test method once for each backend that can run on this system.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BothBackendsAttribute : Attribute, ITestDataSource
{
    public IEnumerable<object?[]> GetData(MethodInfo methodInfo) => Ways.All.Select(way => new object?[] { way });

    public string GetDisplayName(MethodInfo methodInfo, object?[]? data) => $"{methodInfo.Name} ({data?[0]})";
}
