package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): an entry a call,
// with the request and the response made up from the messages. What HAR has no
// name for stands under names with an underscore, as it demands.
type (
	harEntry struct {
		Started    string          `json:"startedDateTime"`
		Time       float64         `json:"time"` // ms
		Request    harRequest      `json:"request"`
		Response   harResponse     `json:"response"`
		Cache      struct{}        `json:"cache"`
		Timings    harTimings      `json:"timings"`
		ServerIP   string          `json:"serverIPAddress,omitempty"`
		Connection string          `json:"connection,omitempty"`
		PID        int32           `json:"_pid,omitempty"`
		ReaderPID  int32           `json:"_readerPid,omitempty"`
		Session    string          `json:"_session"`
		ID         json.RawMessage `json:"_id,omitempty"`
		Method     string          `json:"_method,omitempty"`
		State      string          `json:"_state"`
		Flags      []string        `json:"_flags,omitempty"`
		Failure    string          `json:"_error,omitempty"`
		Finding    string          `json:"_finding,omitempty"`
		Certainty  string          `json:"_certainty,omitempty"`
		Comment    string          `json:"comment,omitempty"`
	}
	harRequest struct {
		Method string    `json:"method"`
		URL    string    `json:"url"`
		HTTP   string    `json:"httpVersion"`
		Query  []harPair `json:"queryString"`
		harHead
		Body harPost `json:"postData"`
	}
	harResponse struct {
		Status   int    `json:"status"` // 0: no reply
		Text     string `json:"statusText"`
		HTTP     string `json:"httpVersion"`
		Redirect string `json:"redirectURL"`
		harHead
		Content harContent `json:"content"`
	}
	harHead struct {
		Cookies  []harPair `json:"cookies"`
		Headers  []harPair `json:"headers"`
		HeadSize int       `json:"headersSize"` // -1: unknown
		BodySize int       `json:"bodySize"`
	}
	harPost struct {
		Type string `json:"mimeType"`
		Text string `json:"text"`
	}
	harContent struct {
		Size int    `json:"size"`
		Type string `json:"mimeType"`
		Text string `json:"text"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

const (
	harBefore = `{"log":{"version":"1.2","creator":{"name":"sessiontop","version":%s},"entries":[` + "\n"
	harAfter  = "\n]}}\n"
	harHTTP   = "HTTP/1.1"
	mimeJSON  = "application/json"
)

// harEntry is the call as an entry.
func (r *records) harEntry(c *callRecord) *harEntry {
	request, reply := bodyText(c.Request, c.RequestRaw), bodyText(c.Reply, c.ReplyRaw)
	e := &harEntry{
		Started: c.Time, Session: c.Session, ID: c.ID, Method: c.Method, State: c.State, Flags: c.Flags,
		Failure: c.Failure, Finding: c.Finding, Certainty: c.Certainty, Comment: c.Message,
		Request: harRequest{Method: "POST", HTTP: harHTTP, harHead: head(request), Body: harPost{mimeJSON, request}},
		Response: harResponse{HTTP: harHTTP, harHead: head(reply),
			Content: harContent{len(reply), mimeJSON, reply}},
	}
	if c.Latency != nil {
		e.Time = float64(*c.Latency) / 1e6
		e.Timings.Wait = e.Time
	}
	if reply != "" {
		e.Response.Status, e.Response.Text = 200, "OK"
	}
	if c.Asker != nil {
		e.PID = c.Asker.PID
	}
	if c.Reader != nil {
		e.ReaderPID = c.Reader.PID
	}
	r.harConnection(e, c)
	return e
}

// harConnection fills in what is known of the two ends.
func (r *records) harConnection(e *harEntry, c *callRecord) {
	e.Request.URL, e.Request.Query = c.URL, []harPair{}
	s := r.snap.Session(c.call.Session)
	if s != nil {
		e.ServerIP = host(s.Conn.Peer)
		e.Connection = cmp.Or(s.Conn.Local, s.Conn.Name)
		if c.URL == "" && s.Conn.Peer != "" {
			e.Request.URL = "http://" + s.Conn.Peer + "/"
		}
	}
	if u, err := url.Parse(e.Request.URL); err == nil {
		query := u.Query()
		for _, name := range slices.Sorted(maps.Keys(query)) {
			for _, v := range query[name] {
				e.Request.Query = append(e.Request.Query, harPair{name, v})
			}
		}
	}
}

// host is the address of an ip:port, without brackets; "" if it is none.
func host(peer string) string {
	i := strings.LastIndexByte(peer, ':')
	if i < 0 || strings.HasPrefix(peer, "/") {
		return ""
	}
	return strings.Trim(peer[:i], "[]")
}

// head is all that is known of a head: what kind of body follows.
func head(body string) harHead {
	h := harHead{Cookies: []harPair{}, Headers: []harPair{}, HeadSize: -1, BodySize: len(body)}
	if body != "" {
		h.Headers = append(h.Headers, harPair{"Content-Type", mimeJSON})
	}
	return h
}

// bodyText is a message as it was on the wire; a body that was no JSON stands
// in the log as a string.
func bodyText(message json.RawMessage, raw string) string {
	var s string
	if len(message) > 0 && message[0] == '"' && json.Unmarshal(message, &s) == nil {
		return s
	}
	return cmp.Or(string(message), raw)
}
