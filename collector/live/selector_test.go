package live

import "testing"

func TestSelects(t *testing.T) {
	const id = "4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c6a1d2b3e4f0c"
	python := program{comm: "python3", exe: "/usr/bin/python3.11"}
	in := func(path string, controllers ...string) program {
		return program{comm: "python3", cgroups: cgroupNames(path, controllers)}
	}
	docker, pod := in("/system.slice/docker-"+id+".scope"), in("/kubepods/burstable/pod1/"+id)
	old := in("/docker/"+id, "cpu", "cpuacct")
	for _, c := range []struct {
		name string
		sel  Selector
		p    program
		want bool
	}{
		{"comm", Selector{Comms: []string{"python3"}}, python, true},
		{"comm is whole", Selector{Comms: []string{"python"}}, python, false},
		{"long comm", Selector{Comms: []string{"a-very-long-name-indeed"}}, program{comm: "a-very-long-nam"}, true},
		{"what titles itself", Selector{Comms: []string{"gunicorn"}}, program{comm: "gunicorn: worke"}, true},
		{"what is titled like another", Selector{Comms: []string{"guni"}}, program{comm: "gunicorn: worke"}, false},
		{"exe", Selector{Exes: []string{"/usr/bin/python3.11"}}, python, true},
		{"exe by its last element", Selector{Exes: []string{"python3.11"}}, python, true},
		{"another exe", Selector{Exes: []string{"/usr/local/bin/python3.11"}}, python, false},
		{"no exe to read", Selector{Exes: []string{""}}, program{}, false},
		{"cgroup", Selector{Cgroups: []string{"/system.slice"}}, docker, true},
		{"cgroup as a folder", Selector{Cgroups: []string{"/sys/fs/cgroup/system.slice/"}}, docker, true},
		{"cgroup of like name", Selector{Cgroups: []string{"/system"}}, docker, false},
		{"the cgroup of all", Selector{Cgroups: []string{"/"}}, docker, true},
		{"where all folders are", Selector{Cgroups: []string{"/sys"}}, docker, false},
		{"its folder, in version 1", Selector{Cgroups: []string{"/sys/fs/cgroup/cpuacct/docker"}}, old, true},
		{"the folder of two controllers", Selector{Cgroups: []string{"/sys/fs/cgroup/cpu,cpuacct/docker/"}}, old, true},
		{"systemd's folder", Selector{Cgroups: []string{"/sys/fs/cgroup/systemd/x"}}, in("/x/y", "name=systemd"), true},
		{"another controller's folder", Selector{Cgroups: []string{"/sys/fs/cgroup/memory/docker"}}, old, false},
		{"docker", Selector{Containers: []string{id[:12]}}, docker, true},
		{"whole id in capitals", Selector{Containers: []string{"4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C6A1D2B3E4F0C"}}, pod, true},
		{"the id's middle", Selector{Containers: []string{id[2:16]}}, pod, false},
		{"docker with cgroups of version 1", Selector{Containers: []string{id}}, old, true},
		{"podman", Selector{Containers: []string{id}}, in("/machine.slice/libpod-" + id + ".scope/container"), true},
		{"CRI-O", Selector{Containers: []string{id}}, in("/kubepods.slice/kubepods-pod1.slice/crio-" + id + ".scope"), true},
		{"containerd", Selector{Containers: []string{id}}, in("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id + ".scope"), true},
		{"containerd without systemd", Selector{Containers: []string{id}}, in("/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" + id), true},
		{"seen from another cgroup", Selector{Containers: []string{id}}, in("/../docker-" + id + ".scope"), true},
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
