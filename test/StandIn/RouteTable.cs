namespace FastGate.Test.StandIn;

/// <summary>Routes as in gin: case-sensitive, on the decoded path, with separate 404 and 405.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<(string Method, string Path), Func<Exchange, Task>> _routes = [];

    /// <summary>Adds a route; a path that ends in <c>/:</c> stands for one segment of any text there.</summary>
    public void Map(string methods, string path, Func<Exchange, Task> response)
    {
        foreach (var method in methods.Split(','))
            _routes.Add((method, path), response);
    }

    public Task RespondAsync(string method, string path, Exchange exchange)
    {
        if (Find(method, path) is { } response)
            return response(exchange);
        bool known = _routes.Keys.Any(route => Find(route.Method, path) is not null);
        return known
            ? exchange.WholeAsync(405, "text/plain", "405 method not allowed")
            : exchange.WholeAsync(404, "text/plain", "404 page not found");
    }

    private Func<Exchange, Task>? Find(string method, string path) =>
        _routes.GetValueOrDefault((method, path))
        ?? _routes.GetValueOrDefault((method, path[..(path.LastIndexOf('/') + 1)] + ":"));
}
