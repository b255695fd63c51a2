package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// routes are Ollama's; a trailing "/:" in a path stands for one segment.
var routes = map[string]string{
	"/": "GET HEAD", "/api/version": "GET HEAD", "/api/status": "GET", "/api/tags": "GET HEAD", "/api/ps": "GET",
	"/api/pull": "POST", "/api/push": "POST", "/api/create": "POST", "/api/copy": "POST", "/api/delete": "DELETE",
	"/api/me": "POST", "/api/signout": "POST", "/api/user/keys/:": "DELETE", "/api/blobs/:": "POST HEAD",
	"/api/show": "POST", "/api/chat": "POST", "/api/generate": "POST", "/api/embed": "POST", "/api/embeddings": "POST",
	"/api/experimental/web_search": "POST", "/api/experimental/web_fetch": "POST",
	"/api/experimental/model-recommendations": "GET",
	"/v1/models": "GET", "/v1/models/:": "GET", "/v1/chat/completions": "POST", "/v1/completions": "POST",
	"/v1/embeddings": "POST", "/v1/responses": "POST", "/v1/messages": "POST", "/v1/messages/count_tokens": "POST",
	"/v1/audio/transcriptions": "POST",
}

// route responds as gin would: on the decoded path, case-sensitive, with separate 404 and 405. Chats are streamed, the
// model list is chunked, and every other response has a length.
func route(w http.ResponseWriter, r *http.Request) {
	methods, known := routes[r.URL.Path]
	if !known {
		methods, known = routes[r.URL.Path[:strings.LastIndex(r.URL.Path, "/")+1]+":"]
	}
	switch {
	case !known:
		http.Error(w, "404 page not found", http.StatusNotFound)
	case !strings.Contains(" "+methods+" ", " "+r.Method+" "):
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
	case strings.HasSuffix(r.URL.Path, "/chat") || strings.HasSuffix(r.URL.Path, "/completions"):
		stream(w)
	case r.URL.Path == "/api/tags":
		w.(http.Flusher).Flush()
		io.WriteString(w, `{"models":[]}`)
	default:
		answer, _ := json.Marshal(map[string]string{"did": r.Method + " " + r.URL.Path})
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		w.Write(answer)
	}
}

func stream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	for _, token := range []string{"Hello", " from", " Go"} {
		fmt.Fprintf(w, "{\"response\":%q,\"done\":false}\n", token)
		w.(http.Flusher).Flush()
	}
	io.WriteString(w, "{\"done\":true}\n")
}

// checkHost is Ollama's allowedHostsMiddleware: 403 and nothing else for a name that could be rebound to loopback.
func checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if addr, err := netip.ParseAddr(host); err == nil && (addr.IsLoopback() || addr.IsPrivate() || addr.IsUnspecified()) {
			next.ServeHTTP(w, r)
		} else if !allowedHost(strings.ToLower(host)) {
			w.WriteHeader(http.StatusForbidden)
		} else if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
		} else {
			next.ServeHTTP(w, r)
		}
	})
}

func allowedHost(host string) bool {
	if own, err := os.Hostname(); err == nil && host == strings.ToLower(own) {
		return true
	}
	return host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// quiet drops the server's own log: the tests check refusals through their responses.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
