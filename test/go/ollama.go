// A witness server like Ollama's: Go's net/http with pprof on http.DefaultServeMux, routes on the decoded URL.Path as
// in gin, and the same Host check. It reports every request that the server understood as one JSON line on standard
// output, including those to which the mux or the server itself responds.
//
// It prints its port first. For each line on standard input, it prints {"sync":true} once every connection that carried
// a byte has closed. When standard input ends, it waits until all connections have closed, prints {"end":true}, and
// exits.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	Connection    string      `json:"connection"` // its number: addresses come again
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

func printLine(line interface{}) {
	out.Lock()
	defer out.Unlock()
	out.Encode(line)
}

// witness reports a request, then sends the response that its query selects, or passes it to the mux.
func witness(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := contentOf(r)
		sum := sha256.Sum256(content)
		report := Report{
			Connection: numberOf(r), Method: r.Method, RequestURI: r.RequestURI, Path: r.URL.Path, Host: r.Host, Proto: r.Proto,
			Fields: fieldsOf(r.Header), ContentLength: r.ContentLength, Chunked: len(r.TransferEncoding) > 0,
			ContentBytes: len(content), ContentSha256: hex.EncodeToString(sum[:]),
		}
		if err != nil {
			report.ContentError = err.Error()
		}
		printLine(report)
		if err != errNotRead {
			r.Body = io.NopCloser(bytes.NewReader(content))
		}
		if !respondAsRequested(w, r) {
			mark(w.Header(), r)
			next.ServeHTTP(w, r)
		}
	})
}

var errNotRead = errors.New("not read")

func contentOf(r *http.Request) ([]byte, error) {
	if word := requested(r); word == "early" || word == "prompt" {
		return nil, errNotRead
	}
	return io.ReadAll(r.Body)
}

// fieldsOf lists the field lines sorted by name, since Go does not keep their order.
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

// seenField marks the responses to requests that the witness received. Go responds to "OPTIONS *" before any handler,
// so only that response lacks the mark. Go sorts its field lines; the name puts this one into the first write.
const seenField = "A-Seen"

// syncLongest is shorter than a test's own deadline, so that the test can report which connection stayed open.
const syncLongest = 45 * time.Second

// ledger counts connections, so that the program knows when it has reported every request.
type ledger struct {
	sync.Mutex
	changed  *sync.Cond
	accepted int
	open     int
	busy     int             // open connections that have carried a byte
	peers    map[string]bool // every peer that was ever accepted
}

var connections = newLedger()

func newLedger() *ledger {
	l := &ledger{peers: map[string]bool{}}
	l.changed = sync.NewCond(l)
	return l
}

func (l *ledger) change(how func()) {
	l.Lock()
	defer l.Unlock()
	how()
	l.changed.Broadcast()
}

// await waits until the condition holds; false if that takes longer than syncLongest.
func (l *ledger) await(holds func() bool) bool {
	late := false
	timer := time.AfterFunc(syncLongest, func() { l.change(func() { late = true }) })
	defer timer.Stop()
	l.Lock()
	defer l.Unlock()
	for !holds() && !late {
		l.changed.Wait()
	}
	return holds()
}

// watchedConn registers itself in the ledger, and detects responses that the server sends without a handler.
type watchedConn struct {
	net.Conn
	number  string
	carried sync.Once
	closed  sync.Once
}

func (c *watchedConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	if n > 0 {
		c.carried.Do(func() { connections.change(func() { connections.busy++ }) })
	}
	return n, err
}

func (c *watchedConn) Write(bytes []byte) (int, error) {
	head := string(bytes[:min(len(bytes), 4096)])
	if strings.HasPrefix(head, "HTTP/1.") && strings.HasPrefix(head[8:], " 200 ") && !strings.Contains(head, seenField) {
		printLine(Report{Connection: c.number, Method: "OPTIONS", RequestURI: "*", Path: "*", Fields: [][2]string{}})
	}
	return c.Conn.Write(bytes)
}

func (c *watchedConn) Close() error {
	c.closed.Do(func() {
		busy := 1
		c.carried.Do(func() { busy = 0 })
		connections.change(func() { connections.open--; connections.busy -= busy })
	})
	return c.Conn.Close()
}

type numberKey struct{}

func withNumber(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, numberKey{}, conn.(*watchedConn).number)
}

func numberOf(r *http.Request) string { return r.Context().Value(numberKey{}).(string) }

type watchedListener struct{ net.Listener }

func (l watchedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	number := ""
	connections.change(func() {
		connections.open++
		connections.accepted++
		number = fmt.Sprint(connections.accepted)
		connections.peers[conn.RemoteAddr().String()] = true
	})
	return &watchedConn{Conn: conn, number: number}, nil
}

// acceptAllEarlier opens a connection itself: the backlog is in order, so once this connection has been accepted, every
// earlier one has been too.
func acceptAllEarlier(address string) bool {
	own, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	defer own.Close()
	return connections.await(func() bool { return connections.peers[own.LocalAddr().String()] })
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
	server := &http.Server{Handler: witness(http.DefaultServeMux), ErrorLog: quiet(), ConnContext: withNumber}
	go server.Serve(watchedListener{listener})
	printLine(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})

	address := listener.Addr().String()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		ended := acceptAllEarlier(address) && connections.await(func() bool { return connections.busy == 0 })
		printLine(map[string]bool{"sync": ended})
	}
	ended := acceptAllEarlier(address) && connections.await(func() bool { return connections.open == 0 })
	printLine(map[string]bool{"end": ended})
}
