using System.Reflection;

namespace FastGate.Test.Support;

/// <summary>Runs a test method once for each <see cref="Way"/> that this build supports.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryWayAttribute : Attribute, ITestDataSource
{
    public IEnumerable<object?[]> GetData(MethodInfo methodInfo)
    {
        yield return [Way.Direct];
        if (!RunningGate.IsBuilt)
            yield break;
        foreach (Way way in Ways.All)
            yield return [way];
    }

    public string GetDisplayName(MethodInfo methodInfo, object?[]? data) => $"{methodInfo.Name} ({data?[0]})";
}
