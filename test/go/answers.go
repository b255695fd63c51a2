package main

import (
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
)

// requested returns the WORD of "do=WORD" in a query, which selects the kind of response. For "early", the handler
// leaves the content to the server, which reads up to 256 KiB of it before it responds; for "prompt", it responds at
// once.
func requested(r *http.Request) string {
	_, word, _ := strings.Cut(r.URL.RawQuery, "do=")
	word, _, _ = strings.Cut(word, "&")
	return word
}

// mark records in a response that the witness received the request, and which one it was.
func mark(header http.Header, r *http.Request) {
	header.Set(seenField, "1")
	header.Set("X-Query", r.URL.RawQuery)
}

// respondAsRequested sends the unusual response that the query selects; false if it selects none.
func respondAsRequested(w http.ResponseWriter, r *http.Request) bool {
	marks := "A-Seen: 1\r\nX-Query: " + r.URL.RawQuery + "\r\n"
	switch requested(r) {
	case "none":
		mark(w.Header(), r)
		w.WriteHeader(http.StatusNoContent)
	case "same":
		mark(w.Header(), r)
		w.WriteHeader(http.StatusNotModified)
	case "bye":
		mark(w.Header(), r)
		w.Header().Set("Connection", "close")
		io.WriteString(w, "bye")
	case "interim":
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusProcessing)
		mark(w.Header(), r)
		io.WriteString(w, "final")
	case "trailers":
		mark(w.Header(), r)
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "with trailers")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Sum", "1")
	case "old":
		raw(w, r, "HTTP/1.0 200 OK\r\n"+marks+"\r\nuntil the end")
	case "open":
		raw(w, r, "HTTP/1.1 200 OK\r\n"+marks+"\r\nuntil the end")
	case "half":
		raw(w, r, "HTTP/1.1 200 OK\r\n"+marks+"Content-Length: 100\r\n\r\nhalf")
	case "prompt":
		raw(w, r, "HTTP/1.1 200 OK\r\n"+marks+"Content-Length: 6\r\n\r\nprompt")
	case "drop":
		raw(w, r, "")
	case "surplus":
		raw(w, r, "HTTP/1.1 200 OK\r\n"+marks+"Content-Length: 2\r\n\r\nok"+
			"HTTP/1.1 200 OK\r\nA-Seen: 1\r\nX-Query: i=999999999.surplus\r\nContent-Length: 7\r\n\r\nsurplus")
	case "switch":
		switchProtocols(w, r)
	default:
		return false
	}
	return true
}

// raw writes these bytes and closes the connection; for "prompt", after it has read the content.
func raw(w http.ResponseWriter, r *http.Request, text string) {
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, text)
	if requested(r) == "prompt" {
		if r.ContentLength >= 0 {
			io.CopyN(io.Discard, buffered, r.ContentLength)
		} else if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(buffered.Reader)); err == nil {
			buffered.ReadString('\n') // the empty line after the last chunk
		}
	}
}

// switchProtocols responds with 101, and reports any byte that arrives afterwards: a gate must not let it pass.
func switchProtocols(w http.ResponseWriter, r *http.Request) {
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\nA-Seen: 1\r\n\r\n")
	if content, _ := io.ReadAll(buffered); len(content) > 0 && r.ContentLength == 0 {
		printLine(Report{Connection: numberOf(r), Method: "AFTER-101", RequestURI: r.RequestURI, Path: r.URL.Path, Fields: [][2]string{}})
	}
}
