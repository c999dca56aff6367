package model_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

func TestRedactURL(t *testing.T) {
	const hex32 = "0123456789abcdef0123456789abcdef"
	for _, c := range []struct{ name, in, want string }{
		{"plain", "http://127.0.0.1:8545", ""},
		{"plain slash", "http://localhost:8545/", ""},
		{"IPv6", "http://[::1]:8545/rpc", ""},
		{"words", "https://rpc.example.org/ethereum-mainnet-archive/v1/mainnet?network=sepolia&limit=100", ""},
		{"socket", "/run/user/1000/ethereum/geth.ipc", ""},
		{"empty", "", ""},
		{"user-info", "https://bob:hunter2@rpc.example.org/x", "https://redacted@rpc.example.org/x"},
		{"user only", "wss://token@rpc.example.org", "wss://redacted@rpc.example.org"},
		{"no scheme", "bob:hunter2@rpc.example.org:8545/x", "redacted@rpc.example.org:8545/x"},
		{"slash in password", "https://bob:hun/ter#2@rpc.example.org/x", "https://redacted@rpc.example.org/x"},
		{"at in password", "https://bob:hun@ter2@rpc.example.org/x", "https://redacted@rpc.example.org/x"},
		{"infura", "https://mainnet.infura.io/v3/" + hex32, "https://mainnet.infura.io/v3/<redacted>"},
		{"in the middle", "https://h/" + hex32 + "/rpc", "https://h/<redacted>/rpc"},
		{"alchemy", "https://eth-mainnet.g.alchemy.com/v2/aB3-dEfGh_jKlMnOpQrStUvWxYz01234", "https://eth-mainnet.g.alchemy.com/v2/<redacted>"},
		{"uuid", "https://h/5b3a8c1e-94f7-4a6b-8a1f-27c1de0a9b11", "https://h/<redacted>"},
		{"short, announced", "https://h/v1/abcdefgh1234", "https://h/v1/<redacted>"},
		{"announced by name", "https://h/apikey/abcdefgh1234/x", "https://h/apikey/<redacted>/x"},
		{"letters only", "https://h/abcdefghijklmnopqrstuvwxyzab", "https://h/<redacted>"},
		{"percent", "https://h/%30123456789abcdef0123456789abcde", "https://h/<redacted>"},
		{"query name", "https://h/rpc?chain=1&dkey=abc&x=2", "https://h/rpc?chain=1&dkey=<redacted>&x=2"},
		{"escaped query name", "https://h/rpc?%61pi%6Bey=abc", "https://h/rpc?%61pi%6Bey=<redacted>"},
		{"query value", "https://h/rpc?q=" + hex32, "https://h/rpc?q=<redacted>"},
		{"bare query", "https://h/rpc?" + hex32, "https://h/rpc?<redacted>"},
		{"fragment", "https://h/rpc#token=abc", "https://h/rpc#token=<redacted>"},
		{"matrix", "https://h/rpc;token=abc/x", "https://h/<redacted>/x"},
		{"path only", "/v3/" + hex32, "/v3/<redacted>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want == "" {
				want = c.in
			}
			got := model.RedactURL(c.in)
			if got != want {
				t.Errorf("RedactURL(%q) = %q, want %q", c.in, got, want)
			}
			if again := model.RedactURL(got); again != got {
				t.Errorf("redacted twice: %q, want %q", again, got)
			}
		})
	}
}

func TestRedactURLOfAPlainURLAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { model.RedactURL("https://rpc.example.org:8545/mainnet?chain=1") }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func TestRedactText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"timeout", "timeout"},
		{`Post "https://mainnet.infura.io/v3/0123456789abcdef0123456789abcdef": dial tcp: i/o timeout`,
			`Post "https://mainnet.infura.io/v3/<redacted>": dial tcp: i/o timeout`},
		{"Max retries exceeded with url: /v3/0123456789abcdef0123456789abcdef (Caused by X)",
			"Max retries exceeded with url: /v3/<redacted> (Caused by X)"},
		{"proxy http://bob:hunter2@10.0.0.1:3128 refused", "proxy http://redacted@10.0.0.1:3128 refused"},
	} {
		got := model.RedactText(c.in)
		if got != c.want {
			t.Errorf("RedactText(%q) = %q, want %q", c.in, got, c.want)
		}
		if again := model.RedactText(got); again != got {
			t.Errorf("redacted twice: %q, want %q", again, got)
		}
	}
}

func FuzzRedactURL(f *testing.F) {
	for _, s := range []string{"https://bob:hunter2@h/v3/0123456789abcdef?key=a#b", "//a@b", "a:b@c/d;e=f", "http://[::1]:80/x", "/?&=;#", "http://a:b/@", "://",
		"tps://bob:tttps:/er2@h\xff\xff\xff\xff0123456 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := model.RedactURL(s)
		if again := model.RedactURL(got); again != got {
			t.Fatalf("%q: redacted twice %q, once %q", s, again, got)
		}
		before, err := url.Parse(s)
		if err != nil || before.Host == "" || strings.Contains(before.RequestURI()+before.Fragment, "@") {
			return // no URL, or one whose password ends behind a slash
		}
		after, err := url.Parse(got)
		if err != nil {
			t.Fatalf("%q became %q: %v", s, got, err)
		}
		if after.Scheme != before.Scheme || after.Host != before.Host && !strings.Contains(s, "@") {
			t.Fatalf("%q became %q: another scheme or host", s, got)
		}
		if pass, ok := after.User.Password(); ok {
			t.Fatalf("%q became %q: the password %q is still there", s, got, pass)
		}
	})
}
