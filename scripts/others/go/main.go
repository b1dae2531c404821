// elimity-com/scim with storage in memory. PATCH is left to the host by that library, and is not offered here.
package main

import (
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

type store struct {
	mutex  sync.Mutex
	unique string
	count  int
	rows   map[string]scim.Resource
}

func (s *store) taken(id string, attributes scim.ResourceAttributes) bool {
	wanted := strings.ToLower(fmt.Sprint(attributes[s.unique]))
	for other, row := range s.rows {
		if other != id && strings.ToLower(fmt.Sprint(row.Attributes[s.unique])) == wanted {
			return true
		}
	}
	return false
}

func (s *store) save(id string, attributes scim.ResourceAttributes, created *time.Time) scim.Resource {
	now := time.Now().UTC()
	if created == nil {
		created = &now
	}
	external := optional.String{}
	if value, ok := attributes["externalId"].(string); ok {
		external = optional.NewString(value)
	}
	// A password is kept elsewhere; the library returns what it is given.
	delete(attributes, "password")
	row := scim.Resource{ID: id, ExternalID: external, Attributes: attributes, Meta: scim.Meta{Created: created, LastModified: &now}}
	s.rows[id] = row
	return row
}

func (s *store) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.taken("", attributes) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	s.count++
	return s.save(fmt.Sprintf("id-%d", s.count), attributes, nil), nil
}

func (s *store) Get(_ *http.Request, id string) (scim.Resource, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	row, ok := s.rows[id]
	if !ok {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	return row, nil
}

func (s *store) GetAll(_ *http.Request, params scim.ListRequestParams) (scim.Page, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found := []scim.Resource{}
	for _, row := range s.rows {
		seen := map[string]interface{}{"id": row.ID}
		for name, value := range row.Attributes {
			seen[name] = value
		}
		seen["meta"] = map[string]interface{}{
			"created":      row.Meta.Created.Format(time.RFC3339Nano),
			"lastModified": row.Meta.LastModified.Format(time.RFC3339Nano),
		}
		if params.FilterValidator == nil || params.FilterValidator.PassesFilter(seen) == nil {
			found = append(found, row)
		}
	}
	sort.Slice(found, func(a, b int) bool { return found[a].ID < found[b].ID })
	first := min(max(params.StartIndex-1, 0), len(found))
	last := min(first+params.Count, len(found))
	return scim.Page{TotalResults: len(found), Resources: found[first:last]}, nil
}

func (s *store) Replace(_ *http.Request, id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	old, ok := s.rows[id]
	if !ok {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	if s.taken(id, attributes) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	return s.save(id, attributes, old.Meta.Created), nil
}

func (s *store) Delete(_ *http.Request, id string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, ok := s.rows[id]; !ok {
		return errors.ScimErrorResourceNotFound(id)
	}
	delete(s.rows, id)
	return nil
}

func (s *store) Patch(_ *http.Request, _ string, _ []scim.PatchOperation) (scim.Resource, error) {
	return scim.Resource{}, errors.ScimError{Status: http.StatusNotImplemented}
}

func main() {
	users := &store{unique: "userName", rows: map[string]scim.Resource{}}
	groups := &store{unique: "displayName", rows: map[string]scim.Resource{}}
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{
			SupportFiltering: true,
			AuthenticationSchemes: []scim.AuthenticationScheme{
				{Type: scim.AuthenticationTypeOauthBearerToken, Name: "Bearer", Description: "A bearer token"},
			},
		},
		ResourceTypes: []scim.ResourceType{
			{ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(),
				SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}}, Handler: users},
			{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(), Handler: groups},
		},
	}, scim.WithBaseURL("http://127.0.0.1:"+os.Getenv("PORT")+"/scim/v2"))
	if err != nil {
		panic(err)
	}
	wanted := "Bearer " + os.Getenv("SCIM_TOKEN")
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.StripPrefix("/scim", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != wanted {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.Header().Set("Content-Type", "application/scim+json")
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}`)
			return
		}
		server.ServeHTTP(w, r)
	})))
}
