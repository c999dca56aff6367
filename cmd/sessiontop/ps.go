package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

func newPS(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ps",
		Short: "List the running processes that may be worth watching",
		Long: "Lists the processes with connections as clients that look like JSON-RPC (by the peer's port, or a path\n" +
			"that ends in .ipc), or that several processes hold, which is how replies get to the wrong reader.\n" +
			"NSPID is the PID that a process in a container has for itself.\n" +
			"sessiontop attach watches them. Other users' processes are seen by root, and with CAP_SYS_PTRACE and\n" +
			"CAP_DAC_READ_SEARCH; Unix sockets in other network namespaces, as of containers, with CAP_SYS_ADMIN.",
		Example: "sudo sessiontop ps\nsudo sessiontop ps --json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return a.ps(asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON Lines, one for each process")
	return cmd
}

func (a *app) ps(asJSON bool) error {
	all, err := live.Candidates()
	if err != nil {
		return err
	}
	if !live.SeesDescriptors() {
		note(a.stderr, "other users' processes are left out, for want of CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH; sudo sessiontop ps shows all")
	}
	if asJSON {
		return writeCandidatesJSON(a.stdout, all)
	}
	if len(all) == 0 {
		note(a.stderr, "no process has a connection that looks like JSON-RPC, by its server's port, or is shared; attach --comm NAME watches any other")
		return nil
	}
	return a.writeCandidates(a.stdout, all)
}

// maxCommand is how many columns of a command line the table shows.
const maxCommand = 60

// writeCandidates prints a table: a line for each connection of a process.
func (a *app) writeCandidates(w io.Writer, all []live.Candidate) error {
	arrow, cut := "→", "…"
	if a.ascii {
		arrow, cut = "->", "..."
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PID\tPPID\tNSPID\tNAME\tCONNECTION\tRPC\tSHARED WITH\tCOMMAND")
	for i := range all {
		c := &all[i]
		name := sanitize.Text(c.Comm)
		inside := "-"
		if c.NSPID != 0 {
			inside = strconv.Itoa(int(c.NSPID))
		}
		command := ansi.Truncate(sanitize.Text(model.RedactText(c.Command)), maxCommand, cut)
		for j := range c.Sockets {
			s := &c.Sockets[j]
			fmt.Fprintf(t, "%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", c.PID, c.PPID, inside, name,
				sanitize.Text(ends(s, arrow)), likely(s), others(s, c.PID), command)
		}
	}
	return t.Flush()
}

// ends is both ends of a connection, as far as they have names.
func ends(s *live.Socket, arrow string) string {
	words := []string{arrow, s.Peer}
	if s.Local != "" {
		words = append([]string{s.Local}, words...)
	}
	if s.Peer == "" {
		return fmt.Sprintf("socket %d", s.Ino)
	}
	return strings.Join(words, " ")
}

func likely(s *live.Socket) string {
	if s.Likely {
		return "yes"
	}
	return "-"
}

// others is who else holds the socket.
func others(s *live.Socket, pid int32) string {
	const most = 5
	var names []string
	for _, p := range s.PIDs {
		if p != pid {
			names = append(names, strconv.Itoa(int(p)))
		}
	}
	switch {
	case len(names) == 0:
		return "-"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], " "), len(names)-most)
	}
	return strings.Join(names, " ")
}

type candidateJSON struct {
	PID     int32        `json:"pid"`
	PPID    int32        `json:"ppid"`
	NSPID   int32        `json:"nspid,omitempty"`
	Start   uint64       `json:"start"`
	Comm    string       `json:"comm"`
	Command string       `json:"command"`
	Sockets []socketJSON `json:"sockets"`
}

type socketJSON struct {
	Ino    uint64  `json:"ino"`
	Local  string  `json:"local,omitempty"`
	Peer   string  `json:"peer,omitempty"`
	PIDs   []int32 `json:"pids"`
	RPC    bool    `json:"rpc"`
	Shared bool    `json:"shared"`
}

func writeCandidatesJSON(w io.Writer, all []live.Candidate) error {
	enc := newJSONEncoder(w)
	for i := range all {
		c := &all[i]
		row := candidateJSON{
			PID: c.PID, PPID: c.PPID, NSPID: c.NSPID, Start: c.Start, Comm: c.Comm, Command: model.RedactText(c.Command),
			Sockets: []socketJSON{},
		}
		for j := range c.Sockets {
			s := &c.Sockets[j]
			row.Sockets = append(row.Sockets, socketJSON{s.Ino, s.Local, s.Peer, s.PIDs, s.Likely, s.Shared()})
		}
		if err := enc.Encode(&row); err != nil {
			return err
		}
	}
	return nil
}
