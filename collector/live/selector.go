package live

import (
	"fmt"
	"slices"
	"strings"
)

// Selector says which processes are watched. The fields that name processes add
// up; Ports, beside them, narrows to the connections to those ports, and alone
// selects every process that has one. What a watched process forks is watched,
// and whoever uses a connection of one.
type Selector struct {
	PIDs       []int32  // these processes and their descendants
	Comms      []string // by the name that the kernel knows (ps -o comm), of which it keeps 15 bytes, or what of it stands before a colon
	Exes       []string // by the path of the program, or its last element
	Cgroups    []string // by a cgroup, or one below it, as in /proc/PID/cgroup
	Containers []string // by the id of a container, or its first 12 or more digits
	Ports      []uint16 // by the port of the peer
	All        bool     // every process that speaks JSON-RPC
}

// commLen is how much of a name the kernel keeps.
const commLen = 15

// check finds what is wrong with the selector.
func (s *Selector) check() error {
	if len(s.PIDs)+len(s.Comms)+len(s.Exes)+len(s.Cgroups)+len(s.Containers)+len(s.Ports) == 0 && !s.All {
		return fmt.Errorf("no process is selected; name one by its PID, its name, a port, or choose all")
	}
	for _, id := range s.Containers {
		if len(id) < 12 || strings.Trim(strings.ToLower(id), "0123456789abcdef") != "" {
			return fmt.Errorf("%q is no container id: 12 to 64 hexadecimal digits", id)
		}
	}
	return nil
}

// named says whether the selector names processes at all.
func (s *Selector) named() bool {
	return s.All || s.changing() || len(s.PIDs) > 0
}

// changing says whether programs that start later may be selected.
func (s *Selector) changing() bool {
	return len(s.Comms)+len(s.Exes)+len(s.Cgroups)+len(s.Containers) > 0
}

// String is the selector as a person would say it.
func (s *Selector) String() string {
	var parts []string
	add := func(word, value string) { parts = append(parts, word+" "+value) }
	for _, p := range s.PIDs {
		add("pid", fmt.Sprint(p))
	}
	for _, kind := range []struct {
		word   string
		values []string
	}{{"comm", s.Comms}, {"exe", s.Exes}, {"cgroup", s.Cgroups}, {"container", s.Containers}} {
		for _, v := range kind.values {
			add(kind.word, v)
		}
	}
	for _, p := range s.Ports {
		add("port", fmt.Sprint(p))
	}
	if s.All {
		parts = append(parts, "all")
	}
	return strings.Join(parts, ", ")
}

// program is what a running process is known by.
type program struct {
	comm    string
	exe     string
	cgroups []string // the names of those that it is in
}

// cgroupNames is the names of a cgroup: its path in its hierarchy, as
// /proc/PID/cgroup has it, and the folders that this may have. Of version 1 they
// are below those of the controllers (cgroups(7)).
func cgroupNames(path string, controllers []string) []string {
	names := []string{path, cgroupRoot + path, cgroupRoot + "/unified" + path}
	if len(controllers) > 1 {
		names = append(names, cgroupRoot+"/"+strings.Join(controllers, ",")+path)
	}
	for _, c := range controllers {
		names = append(names, cgroupRoot+"/"+strings.TrimPrefix(c, "name=")+path)
	}
	return names
}

// cgroupRoot is where cgroups have their folders.
const cgroupRoot = "/sys/fs/cgroup"

// selects says whether the process is one that is named by what it is.
func (s *Selector) selects(p *program) bool {
	for _, c := range s.Comms {
		if p.comm == cutComm(c) || strings.HasPrefix(p.comm, c+":") { // gunicorn: worker, as setproctitle has it
			return true
		}
	}
	for _, e := range s.Exes {
		if p.exe != "" && (p.exe == e || p.exe[strings.LastIndexByte(p.exe, '/')+1:] == e) {
			return true
		}
	}
	return slices.ContainsFunc(p.cgroups, s.selectsCgroup)
}

func (s *Selector) selectsCgroup(name string) bool {
	for _, c := range s.Cgroups {
		folder := strings.TrimSuffix("/"+strings.Trim(c, "/"), "/") + "/"
		if strings.HasPrefix(name+"/", folder) && strings.HasPrefix(name, cgroupRoot+"/") == strings.HasPrefix(folder, cgroupRoot+"/") {
			return true
		}
	}
	for _, id := range s.Containers {
		if containsID(name, strings.ToLower(id)) {
			return true
		}
	}
	return false
}

// containsID says whether an element of the path has the id: engines write it
// as such, as docker-ID.scope, libpod-ID.scope, cri-containerd-ID.scope and the
// like, or as kubepods-podUID.slice:cri-containerd:ID.
func containsID(path, id string) bool {
	for path != "" {
		i := strings.Index(path, id)
		if i < 0 {
			return false
		}
		if i > 0 && strings.IndexByte("/-:", path[i-1]) >= 0 {
			return true
		}
		path = path[i+1:]
	}
	return false
}

func cutComm(c string) string { return c[:min(len(c), commLen)] }
