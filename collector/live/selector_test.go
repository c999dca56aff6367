package live

import "testing"

func TestSelects(t *testing.T) {
	const id = "4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c"
	python := program{comm: "python3", exe: "/usr/bin/python3.11"}
	docker := program{comm: "python3", cgroup: []string{"/system.slice/docker-" + id + ".scope"}}
	pod := program{comm: "python3", cgroup: []string{"/kubepods/burstable/pod1/" + id}}
	for _, c := range []struct {
		name string
		sel  Selector
		p    program
		want bool
	}{
		{"comm", Selector{Comms: []string{"python3"}}, python, true},
		{"comm is whole", Selector{Comms: []string{"python"}}, python, false},
		{"long comm", Selector{Comms: []string{"a-very-long-name-indeed"}}, program{comm: "a-very-long-nam"}, true},
		{"exe", Selector{Exes: []string{"/usr/bin/python3.11"}}, python, true},
		{"exe by its last element", Selector{Exes: []string{"python3.11"}}, python, true},
		{"another exe", Selector{Exes: []string{"/usr/local/bin/python3.11"}}, python, false},
		{"no exe to read", Selector{Exes: []string{""}}, program{}, false},
		{"cgroup", Selector{Cgroups: []string{"/system.slice"}}, docker, true},
		{"cgroup as a folder", Selector{Cgroups: []string{"/sys/fs/cgroup/system.slice/"}}, docker, true},
		{"cgroup of like name", Selector{Cgroups: []string{"/system"}}, docker, false},
		{"docker", Selector{Containers: []string{id[:12]}}, docker, true},
		{"whole id in capitals", Selector{Containers: []string{"4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C"}}, pod, true},
		{"the id's middle", Selector{Containers: []string{id[2:16]}}, pod, false},
		{"any of several", Selector{Comms: []string{"node"}, Containers: []string{id}}, pod, true},
		{"none", Selector{PIDs: []int32{1}}, python, false},
	} {
		if got := c.sel.selects(&c.p); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSelectorInWords(t *testing.T) {
	s := Selector{PIDs: []int32{7}, Comms: []string{"gunicorn"}, Ports: []uint16{8545}}
	if got := s.String(); got != "pid 7, comm gunicorn, port 8545" {
		t.Error(got)
	}
}
