// Ollama's kind of server, as a witness: Go's net/http with pprof on http.DefaultServeMux, under it routes on the
// decoded URL.Path as gin has them, and the same Host check. Every request that the server understood is reported as one
// JSON line on standard output, also those that the mux or the server answers itself.
//
// It prints its port first, answers a line "sync" with {"sync":true} when every connection that carried a byte has
// closed, and ends when standard input ends, after all connections have closed.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

// Report is one request as the server understood it.
type Report struct {
	Method        string      `json:"method"`
	RequestURI    string      `json:"requestUri"`
	Path          string      `json:"path"`
	Host          string      `json:"host"`
	Proto         string      `json:"proto"`
	Fields        [][2]string `json:"fields"`
	ContentLength int64       `json:"contentLength"`
	Chunked       bool        `json:"chunked"`
	ContentBytes  int         `json:"contentBytes"`
	ContentSha256 string      `json:"contentSha256"`
	ContentError  string      `json:"contentError"`
}

var out = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

func say(line interface{}) {
	out.Lock()
	defer out.Unlock()
	out.Encode(line)
}

// witness reports a request, then lets the mux answer it.
func witness(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		sum := sha256.Sum256(content)
		report := Report{
			Method: r.Method, RequestURI: r.RequestURI, Path: r.URL.Path, Host: r.Host, Proto: r.Proto,
			Fields: fieldsOf(r.Header), ContentLength: r.ContentLength, Chunked: len(r.TransferEncoding) > 0,
			ContentBytes: len(content), ContentSha256: hex.EncodeToString(sum[:]),
		}
		if err != nil {
			report.ContentError = err.Error()
		}
		say(report)
		r.Body = io.NopCloser(bytes.NewReader(content))
		w.Header().Set(seenField, "1")
		w.Header().Set("X-Query", r.URL.RawQuery)
		next.ServeHTTP(w, r)
	})
}

// fieldsOf lists the field lines sorted by name: Go has forgotten their order.
func fieldsOf(header http.Header) [][2]string {
	fields := [][2]string{}
	for name, values := range header {
		for _, value := range values {
			fields = append(fields, [2]string{name, value})
		}
	}
	sort.Slice(fields, func(a, b int) bool { return fields[a][0] < fields[b][0] })
	return fields
}

// seenField marks the answers of requests that the witness saw. Go answers "OPTIONS *" before any handler: an answer
// without this mark is that one.
const seenField = "X-Seen"

// watchedConn counts itself as busy from its first byte to its end, and notices what the server answers on its own.
type watchedConn struct {
	net.Conn
	first sync.Once
	last  sync.Once
}

var busy sync.WaitGroup

func (c *watchedConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	if n > 0 {
		c.first.Do(func() { busy.Add(1) })
	}
	return n, err
}

func (c *watchedConn) Write(bytes []byte) (int, error) {
	head := string(bytes[:min(len(bytes), 4096)])
	if strings.HasPrefix(head, "HTTP/1.") && strings.HasPrefix(head[8:], " 200 ") && !strings.Contains(head, seenField) {
		say(Report{Method: "OPTIONS", RequestURI: "*", Path: "*", Fields: [][2]string{}})
	}
	return c.Conn.Write(bytes)
}

func (c *watchedConn) Close() error {
	c.last.Do(func() {
		carried := true
		c.first.Do(func() { carried = false })
		if carried {
			busy.Done()
		}
	})
	return c.Conn.Close()
}

type watchedListener struct{ net.Listener }

func (l watchedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watchedConn{Conn: conn}, nil
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	http.Handle("/", checkHost(http.HandlerFunc(route)))
	server := &http.Server{Handler: witness(http.DefaultServeMux), ErrorLog: quiet()}
	go server.Serve(watchedListener{listener})
	say(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})

	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		say(map[string]bool{"sync": settled()})
	}
	listener.Close()
	settled()
}

// settled waits until no connection is busy; false if that takes too long.
func settled() bool {
	done := make(chan struct{})
	go func() { busy.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(10 * time.Second):
		return false
	}
}
