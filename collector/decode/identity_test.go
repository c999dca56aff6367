package decode_test

import "testing"

func TestIdentityHoldsNoSecret(t *testing.T) {
	line := func(key string) string {
		url := "wss://u:" + key + "@h/ws"
		return `{"ts":5,"pid":1,"ev":"open","sess":"` + url + `","local":"` + url + `"}`
	}
	a, _ := one(t, line("hunter2"))
	b, _ := one(t, line("hunter3"))
	for name, got := range map[string]string{"name": a.Conn.Name, "local": a.Conn.Local} {
		if want := "wss://redacted@h/ws"; got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	if a.Conn.Key == b.Conn.Key {
		t.Error("two names that differ in their secrets are one session")
	}
	c, _ := one(t, `{"ts":5,"pid":1,"ev":"open","local":"127.0.0.1:5","peer":"https://h/v3/0123456789abcdef0123456789abcdef"}`)
	if c.Conn.Local != "127.0.0.1:5" || c.Conn.Peer != "https://h/v3/<redacted>" {
		t.Errorf("local %q, peer %q", c.Conn.Local, c.Conn.Peer)
	}
}
